#include "crypto/rsa_oaep.h"

#include <openssl/rsa.h>

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

std::size_t oaep_capacity(unsigned modulus_bits, Hash hash) {
  const std::size_t hash_bytes = hash == Hash::kSha1 ? 20 : 32;
  const std::size_t modulus_bytes = (modulus_bits + 7) / 8;
  return modulus_bytes > 2 * hash_bytes + 2 ? modulus_bytes - 2 * hash_bytes - 2 : 0;
}

Bytes oaep_encrypt(const PublicKey& key, Hash hash, ByteView message) {
  if (message.size() > oaep_capacity(key.rsa_bits(), hash)) {
    throw Error(Kind::kInternal, "oaep-too-long",
                "a message is too long for RSA-OAEP under this key");
  }
  const EVP_MD* md = hash == Hash::kSha1 ? EVP_sha1() : EVP_sha256();
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(key.get(), nullptr));
  require_openssl(EVP_PKEY_encrypt_init(context.get()), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), md), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), md), "RSA-OAEP");
  Bytes ciphertext(key.rsa_bits() / 8 + 1);
  std::size_t length = ciphertext.size();
  require_openssl(
      EVP_PKEY_encrypt(context.get(), ciphertext.data(), &length, message.data(), message.size()),
      "RSA-OAEP");
  ciphertext.resize(length);
  return ciphertext;
}

}  // namespace keyrite::crypto
