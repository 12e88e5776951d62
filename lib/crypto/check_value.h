// Key check values: a few bytes that distinguish keys without revealing them. Conventions differ
// for one key, so keyrite never shows a value without its algorithm. Pure, any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_fwd.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

struct CheckValue {
  std::string alg{};
  std::string value{};  // lower-case hex
  friend bool operator==(const CheckValue&, const CheckValue&) = default;
};

// First 3 bytes of AES(zero block): the KCV, and CKA_CHECK_VALUE (PKCS#11 "Secret key objects").
inline constexpr std::string_view kAesEcbZero = "aes-ecb-zero";
// First 5 bytes of CMAC(zero block): PCI PIN's AES check value.
inline constexpr std::string_view kAesCmacZero = "aes-cmac-zero";
// First 3 bytes of the HMAC of 16 zero bytes, for generic secrets, where no convention exists.
inline constexpr std::string_view kHmacSha1Zero = "hmac-sha1-zero";
inline constexpr std::string_view kHmacSha224Zero = "hmac-sha224-zero";
inline constexpr std::string_view kHmacSha256Zero = "hmac-sha256-zero";
inline constexpr std::string_view kHmacSha384Zero = "hmac-sha384-zero";
inline constexpr std::string_view kHmacSha512Zero = "hmac-sha512-zero";
// 32 bytes of HKDF-SHA-256 with a salt of zeros and the info "Key Check Value": the rule that
// Google publishes for its EKCV of secret keys. A token computes it of every key, by C_DigestKey.
inline constexpr std::string_view kHkdfSha256 = "hkdf-sha256-key-check-value";
// First 3 bytes of SHA-1 of DER SubjectPublicKeyInfo: KCV of key pairs in cloud HSM attestations.
inline constexpr std::string_view kSha1Spki = "sha1-spki";
// SHA-256 of the DER SubjectPublicKeyInfo, whole: the fingerprint.
inline constexpr std::string_view kSha256Spki = "sha256-spki";

// `encrypt`: AES of a block, in a token or here. Error kInternal "aes-block-answer": not 16 bytes.
using BlockCipher = std::function<Bytes(ByteView block16)>;
[[nodiscard]] CheckValue aes_ecb_zero(const BlockCipher& encrypt);
[[nodiscard]] CheckValue aes_cmac_zero(const BlockCipher& encrypt);
// `mac`: the HMAC of 16 zero bytes; `alg`: one of the five names above. Error kInternal
// "check-value-size" when it has fewer than 3 bytes.
[[nodiscard]] CheckValue hmac_zero(std::string_view alg, ByteView mac);
// `digest_after(pad)`: SHA-256 of 64 bytes and then the key, in a token or here. In the first step
// of HKDF the key is the message (RFC 5869 section 2.2).
using DigestAfter = std::function<Bytes(ByteView pad64)>;
[[nodiscard]] CheckValue hkdf_sha256(const DigestAfter& digest_after);
[[nodiscard]] CheckValue sha1_spki(const PublicKey& key);
[[nodiscard]] CheckValue sha256_spki(const PublicKey& key);

// [{"alg": ..., "value": ...}, ...], as every document has them.
[[nodiscard]] Json to_json(const std::vector<CheckValue>& values);

}  // namespace keyrite::crypto
