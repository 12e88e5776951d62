// expected.json: what the cloud must answer if it holds the key, computed at wrap time, so that the
// answers can be judged years later without the HSM. It has no answer that only the key's owner can
// give, only the SHA-256 of each. So whoever carries the bundle cannot make up the evidence.
// Normative: docs/formats/bundle.md. Values, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/key_type.h"
#include "crypto/check_value.h"
#include "provider/provider.h"

namespace keyrite::provider {

inline constexpr std::string_view kExpectedFormat = "keyrite-expected";
inline constexpr int kExpectedVersion = 1;

// kImport: the first import of the material. kVerification: AWS only, the same material wrapped
// once more; the cloud accepts it only when it equals what was imported before.
enum class Purpose { kImport, kVerification };
[[nodiscard]] std::string_view purpose_name(Purpose purpose);  // "import", "verification"
[[nodiscard]] Purpose parse_purpose(std::string_view name);    // Error kConfig "purpose-unknown"

struct ExpectedAnswer {
  std::string id{};             // of the challenge: "hmac-sha256"
  std::string algorithm{};      // the cloud's word: "HMAC_SHA_256"
  std::string iv{};             // hex, empty where none
  std::size_t answer_bytes{};   // length of the answer
  std::string answer_sha256{};  // lower-case hex of SHA-256(answer)
  friend bool operator==(const ExpectedAnswer&, const ExpectedAnswer&) = default;
};
// A signature over challenge.bin that the public key must verify.
struct ExpectedSignature {
  std::string id{};         // "sign-ecdsa-sha256"
  std::string algorithm{};  // the cloud's word: "ECDSA_SHA_256", "ES256", "ec-sign-p256-sha256"
  friend bool operator==(const ExpectedSignature&, const ExpectedSignature&) = default;
};
// A challenge that the cloud could answer but the token could not compute.
struct NotAsked {
  std::string id{};
  std::string reason{};
  friend bool operator==(const NotAsked&, const NotAsked&) = default;
};

struct Expected {
  Provider provider{};
  Purpose purpose{Purpose::kImport};
  KeyType key_type{};
  std::string key_label{};
  // Which cloud key: AWS the KeyId or ARN; Azure "https://HOST/keys/NAME"; Google the CryptoKey's
  // resource name
  // ("projects/.../cryptoKeys/K"). Empty: not known at wrap time, so answers cannot be held against
  // it.
  std::string cloud_key{};
  std::string cloud_algorithm{};  // AWS KeySpec, Azure kty, Google algorithm
  std::optional<std::string>
      key_material_id{};  // AWS, verification: what the first import answered
  Bytes public_key{};     // DER SPKI; empty for secret keys
  Bytes challenge{};      // the content of challenge.bin
  std::vector<ExpectedAnswer> answers{};
  std::vector<ExpectedSignature> signatures{};
  std::vector<NotAsked> not_asked{};
  std::vector<crypto::CheckValue> check_values{};
  friend bool operator==(const Expected&, const Expected&) = default;
};

[[nodiscard]] Json to_json(const Expected& expected);
// Strict: every field known, of its type and form, version 1. Errors kConfig: those of base/json.h,
// "expected-format" (not a keyrite-expected document), "expected-version",
// "expected-unknown-field", "expected-invalid" (a value outside its form), "challenge-mismatch"
// (the challenge does not match its digest).
[[nodiscard]] Expected expected_from_json(const Json& document, std::string_view origin);

}  // namespace keyrite::provider
