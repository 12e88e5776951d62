#include "crypto/aes.h"

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

const EVP_CIPHER* cipher_for(std::size_t key_bytes, bool cbc) {
  switch (key_bytes) {
    case 16:
      return cbc ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
    case 24:
      return cbc ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
    case 32:
      return cbc ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
    default:
      throw Error(Kind::kInternal, "aes-key-size", "an AES key has 16, 24 or 32 bytes");
  }
}

Bytes encrypt(ByteView key, const std::uint8_t* iv, ByteView blocks) {
  if (blocks.size() % kAesBlockBytes != 0)
    throw Error(Kind::kInternal, "aes-block-size", "AES works on whole blocks here");
  const CipherCtxPtr context(EVP_CIPHER_CTX_new());
  require_openssl(EVP_EncryptInit_ex2(context.get(), cipher_for(key.size(), iv != nullptr),
                                      key.data(), iv, nullptr),
                  "AES");
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  Bytes result(blocks.size() + kAesBlockBytes);
  int length = 0;
  require_openssl(EVP_EncryptUpdate(context.get(), result.data(), &length, blocks.data(),
                                    static_cast<int>(blocks.size())),
                  "AES");
  result.resize(static_cast<std::size_t>(length));
  return result;
}

}  // namespace

Bytes aes_ecb_encrypt(ByteView key, ByteView blocks) { return encrypt(key, nullptr, blocks); }

Bytes aes_cbc_encrypt(ByteView key, ByteView iv16, ByteView blocks) {
  if (iv16.size() != kAesBlockBytes)
    throw Error(Kind::kInternal, "aes-block-size", "a CBC IV has 16 bytes");
  return encrypt(key, iv16.data(), blocks);
}

}  // namespace keyrite::crypto
