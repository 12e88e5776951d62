#include "crypto/aes_gcm.h"

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr std::size_t kAes256Bytes = 32;

void require_sizes(ByteView key, ByteView iv) {
  if (key.size() != kAes256Bytes)
    throw Error(Kind::kInternal, "aes-key-size", "an AES-256 key has 32 bytes");
  if (iv.size() != kGcmIvBytes)
    throw Error(Kind::kInternal, "aes-iv-size", "an IV of AES-GCM has 12 bytes here");
}

}  // namespace

Bytes aes256_gcm_encrypt(ByteView key, ByteView iv, ByteView associated_data, ByteView plaintext) {
  require_sizes(key, iv);
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  require_openssl(
      EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), key.data(), iv.data(), nullptr),
      "AES-GCM");
  int length = 0;
  require_openssl(EVP_EncryptUpdate(context.get(), nullptr, &length, associated_data.data(),
                                    static_cast<int>(associated_data.size())),
                  "AES-GCM");
  Bytes result(plaintext.size() + kGcmTagBytes);
  require_openssl(EVP_EncryptUpdate(context.get(), result.data(), &length, plaintext.data(),
                                    static_cast<int>(plaintext.size())),
                  "AES-GCM");
  std::uint8_t* const tag = result.data() + plaintext.size();
  require_openssl(EVP_EncryptFinal_ex(context.get(), tag, &length), "AES-GCM");
  require_openssl(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG,
                                      static_cast<int>(kGcmTagBytes), tag),
                  "AES-GCM");
  return result;
}

}  // namespace keyrite::crypto
