// The key types keyrite makes and wraps, and the curves: one table each. Pure values, any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace keyrite {

enum class KeyFamily { kAes, kGenericSecret, kRsa, kEc, kEd25519 };
enum class Curve { kNone, kP256, kP384, kP521, kSecp256k1 };

struct CurveInfo {
  Curve curve{};
  std::string_view name{};  // "ec-p256": the name in our options
  std::string_view
      jwk{};  // "P-256", "P-256K" for secp256k1 (Azure's name; RFC 8812 says "secp256k1")
  std::string_view openssl{};  // "prime256v1": OpenSSL's short name
  std::string_view oid{};      // dotted
  ByteView ec_params_der{};    // CKA_EC_PARAMS: DER of the named curve's OID
  unsigned field_bytes{};      // 32, 48, 66, 32
};
[[nodiscard]] const std::vector<CurveInfo>& curves();
[[nodiscard]] const CurveInfo& curve_info(Curve curve);

// A key's type and size. `size`: bits for AES (128/192/256) and RSA (modulus), bytes for a generic
// secret (20..128), 0 for curves. name(): "aes-256", "generic-secret-32-bytes", "rsa-3072",
// "ec-p256", "ec-secp256k1", "ed25519".
struct KeyType {
  KeyFamily family{};
  unsigned size{};
  Curve curve{Curve::kNone};

  [[nodiscard]] bool is_secret() const {
    return family == KeyFamily::kAes || family == KeyFamily::kGenericSecret;
  }
  // Bytes of a secret key's value; 0 for key pairs.
  [[nodiscard]] unsigned secret_bytes() const;
  [[nodiscard]] std::string name() const;
  friend bool operator==(const KeyType&, const KeyType&) = default;
};

// Error kUsage "key-type-unknown" listing what there is; "generic-secret-length" outside 20..128
// bytes.
[[nodiscard]] KeyType parse_key_type(std::string_view name);
// Every type generate-kek offers; generic secrets by their usual lengths (20, 28, 32, 48, 64, 128).
[[nodiscard]] const std::vector<KeyType>& all_key_types();

}  // namespace keyrite
