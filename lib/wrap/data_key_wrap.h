// How a token wraps data keys under an AES key: AES-KWP (RFC 5649) where it is found to do just
// that, else AES-KW (RFC 3394) for whole blocks of 8 bytes. Which number of a mechanism does which
// is found with a session KEK whose value the host knows: what the token wraps is opened outside,
// and what is wrapped outside is opened by the token. A key of 20 bytes must come back as 20, since
// some tokens extend it with zeros, which no MAC can see. One session, one thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

// What the bytes of a wrapped data key are, on whatever token. The last four are under the public
// half of an RSA KEK: RSAES-OAEP of the key, or of an AES key that wraps it by AES-KWP.
enum class KeyWrap { kKwp, kKw, kOaepSha256, kOaepSha1, kRsaAesSha256, kRsaAesSha1 };
// "aes-kwp", "aes-kw", and the names of WrappingAlgorithm.
[[nodiscard]] std::string_view key_wrap_name(KeyWrap wrap);
// Of an RSA KEK; nullopt for the others.
[[nodiscard]] std::optional<WrappingAlgorithm> rsa_wrap(KeyWrap wrap);
[[nodiscard]] std::optional<KeyWrap> parse_key_wrap(std::string_view name);
// Of `bytes` wrapped: RFC 5649 section 4.1, RFC 3394 section 2.2.1.
[[nodiscard]] std::size_t wrapped_size(std::size_t bytes);

inline constexpr std::size_t kLargestDataKey = 128;

// What one mechanism was found to do.
struct KeyWrapFinding {
  KeyWrap wrap{};
  pkcs11::Mechanism mechanism;
  bool wraps{false};
  bool unwraps{false};
  std::string detail{};  // one clause for people
};

// The findings of a token in this process. Only test_data_key_wrap and test_rsa_kek make one.
class DataKeyWrap {
 public:
  // How a data key of so many bytes is wrapped. Error kToken "data-key-not-wrapped", which lists
  // what was found.
  [[nodiscard]] KeyWrap choose(std::size_t bytes) const;
  // Errors kToken "data-key-not-wrapped", "data-key-not-unwrapped".
  [[nodiscard]] const pkcs11::Mechanism& wrapping(KeyWrap wrap) const;
  [[nodiscard]] const pkcs11::Mechanism& unwrapping(KeyWrap wrap) const;
  [[nodiscard]] const std::vector<KeyWrapFinding>& findings() const { return findings_; }
  // Of an RSA KEK, its modulus: so many bytes of a composed wrap are RSAES-OAEP. Else 0.
  [[nodiscard]] std::size_t modulus_bytes() const { return modulus_bytes_; }
  // The wraps under an RSA KEK that it was found to open.
  [[nodiscard]] std::vector<WrappingAlgorithm> opens() const;

 private:
  friend DataKeyWrap test_data_key_wrap(pkcs11::Session& session, unsigned kek_bits);
  friend DataKeyWrap test_rsa_kek(pkcs11::Session& session, pkcs11::ObjectHandle kek,
                                  const crypto::PublicKey& public_key);
  DataKeyWrap() = default;
  [[nodiscard]] std::string details() const;
  std::vector<KeyWrapFinding> findings_{};
  std::size_t modulus_bytes_{0};
};

// With session objects alone; a KEK of `kek_bits`. Errors: kToken "not-found-out" of a token that
// is not well; those of a token that makes no session KEK of a known value.
[[nodiscard]] DataKeyWrap test_data_key_wrap(pkcs11::Session& session, unsigned kek_bits);
// What the private half `kek` of an RSA KEK opens of what the host wraps under its public half:
// which hashes of OAEP, alone and before AES-KWP. By use of the KEK, on throw-away keys. Errors as
// above.
[[nodiscard]] DataKeyWrap test_rsa_kek(pkcs11::Session& session, pkcs11::ObjectHandle kek,
                                       const crypto::PublicKey& public_key);

}  // namespace keyrite::wrap
