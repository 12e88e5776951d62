#include "crypto/check_value.h"

#include "base/error.h"
#include "base/json.h"
#include "crypto/aes.h"
#include "crypto/digest.h"

namespace keyrite::crypto {

namespace {

CheckValue first_bytes(std::string_view alg, ByteView whole, std::size_t count) {
  if (whole.size() < count)
    throw Error(Kind::kInternal, "check-value-size", "a check value came out too short");
  return {std::string(alg), to_hex(whole.first(count))};
}

Bytes encrypted_block(const BlockCipher& encrypt, ByteView block) {
  Bytes answer = encrypt(block);
  if (answer.size() != kAesBlockBytes) {
    throw Error(Kind::kInternal, "aes-block-answer",
                "a block cipher answered another length than it was given");
  }
  return answer;
}

// SP 800-38B section 6.1: the subkey K1 from L = AES(zero block).
Bytes first_subkey(ByteView l) {
  Bytes subkey(l.size());
  for (std::size_t i = 0; i < l.size(); ++i) {
    const unsigned next = i + 1 < l.size() ? l[i + 1] >> 7U : 0U;
    subkey[i] = static_cast<std::uint8_t>((static_cast<unsigned>(l[i]) << 1U & 0xffU) | next);
  }
  if ((l[0] & 0x80U) != 0) subkey.back() ^= 0x87;
  return subkey;
}

}  // namespace

CheckValue aes_ecb_zero(const BlockCipher& encrypt) {
  return first_bytes(kAesEcbZero, encrypted_block(encrypt, Bytes(kAesBlockBytes)), 3);
}

CheckValue aes_cmac_zero(const BlockCipher& encrypt) {
  // One whole block of zeros: CMAC = AES(K1 xor 0).
  return first_bytes(
      kAesCmacZero,
      encrypted_block(encrypt, first_subkey(encrypted_block(encrypt, Bytes(kAesBlockBytes)))), 5);
}

CheckValue hmac_zero(std::string_view alg, ByteView mac) { return first_bytes(alg, mac, 3); }

CheckValue hkdf_sha256(const DigestAfter& digest_after) {
  constexpr std::size_t kBlock = 64;
  constexpr std::string_view kInfo = "Key Check Value";
  Bytes outer(kBlock, 0x5c);
  const Bytes inner = digest_after(Bytes(kBlock, 0x36));
  outer.insert(outer.end(), inner.begin(), inner.end());
  Bytes info(kInfo.begin(), kInfo.end());
  info.push_back(1);
  return {std::string(kHkdfSha256), to_hex(hmac(Digest::kSha256, sha256(outer), info))};
}

CheckValue sha1_spki(const PublicKey& key) { return first_bytes(kSha1Spki, sha1(key.spki()), 3); }

CheckValue sha256_spki(const PublicKey& key) { return {std::string(kSha256Spki), key.sha256()}; }

Json to_json(const std::vector<CheckValue>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back({{"alg", value.alg}, {"value", value.value}});
  return list;
}

}  // namespace keyrite::crypto
