#include "crypto/rsa_oaep.h"

#include <openssl/rsa.h>

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

std::size_t capacity(unsigned modulus_bits, std::size_t hash_bytes) {
  const std::size_t modulus_bytes = (modulus_bits + 7) / 8;
  return modulus_bytes > 2 * hash_bytes + 2 ? modulus_bytes - 2 * hash_bytes - 2 : 0;
}

Digest digest_of(Hash hash) { return hash == Hash::kSha1 ? Digest::kSha1 : Digest::kSha256; }

}  // namespace

std::size_t oaep_capacity(unsigned modulus_bits, Hash hash) {
  return capacity(modulus_bits, digest_bytes(digest_of(hash)));
}

Bytes oaep_encrypt(const PublicKey& key, Hash hash, ByteView message) {
  return oaep_encrypt(key, digest_of(hash), message);
}

Bytes oaep_encrypt(const PublicKey& key, Digest digest, ByteView message) {
  if (message.size() > capacity(key.rsa_bits(), digest_bytes(digest))) {
    throw Error(Kind::kInternal, "oaep-too-long",
                "a message is too long for RSA-OAEP under this key");
  }
  const EVP_MD* md = evp_digest(digest);
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
