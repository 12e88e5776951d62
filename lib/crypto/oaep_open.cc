#include "crypto/internal/oaep_open.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

namespace keyrite::crypto {

namespace {

const EVP_MD* md_of(Hash hash) { return hash == Hash::kSha1 ? EVP_sha1() : EVP_sha256(); }

}  // namespace

std::optional<Bytes> oaep_open(EVP_PKEY* key_pair, Hash oaep, Hash mgf1, ByteView ciphertext) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(key_pair, nullptr));
  require_openssl(EVP_PKEY_decrypt_init(context.get()), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), md_of(oaep)), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), md_of(mgf1)), "RSA-OAEP");
  Bytes content(static_cast<std::size_t>(EVP_PKEY_get_size(key_pair)));
  std::size_t length = content.size();
  if (EVP_PKEY_decrypt(context.get(), content.data(), &length, ciphertext.data(),
                       ciphertext.size()) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  content.resize(length);
  return content;
}

}  // namespace keyrite::crypto
