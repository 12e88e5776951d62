#include "crypto/signature.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

#include "base/error.h"

namespace keyrite::crypto {
namespace {

struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

KeyFamily family_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::kRsaPss:
    case SignatureScheme::kRsaPkcs1:
      return KeyFamily::kRsa;
    case SignatureScheme::kEcdsa:
      return KeyFamily::kEc;
    case SignatureScheme::kEd25519:
      break;
  }
  return KeyFamily::kEd25519;
}

bool prepare(EVP_MD_CTX* context, const PublicKey& key, SignatureScheme scheme, Digest digest) {
  const EVP_MD* hash = scheme == SignatureScheme::kEd25519 ? nullptr : evp_digest(digest);
  EVP_PKEY_CTX* options = nullptr;  // owned by the context
  if (EVP_DigestVerifyInit(context, &options, hash, nullptr, key.get()) != 1) {
    return false;
  }
  return scheme != SignatureScheme::kRsaPss ||
         (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1);
}

}  // namespace

Bytes ecdsa_der(ByteView signature, std::size_t field) {
  if (signature.size() != 2 * field) {
    return {signature.begin(), signature.end()};
  }
  const std::unique_ptr<ECDSA_SIG, FreeSignature> pair(ECDSA_SIG_new());
  const int length = static_cast<int>(field);
  BIGNUM* r = BN_bin2bn(signature.data(), length, nullptr);
  BIGNUM* s = BN_bin2bn(signature.data() + field, length, nullptr);
  if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    throw Error(Kind::kInternal, "openssl", "OpenSSL cannot hold an ECDSA signature");
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) {
    throw Error(Kind::kInternal, "openssl", "OpenSSL cannot encode an ECDSA signature");
  }
  Bytes result(der, der + size);
  OPENSSL_free(der);
  return result;
}

bool verify_signature(const PublicKey& key, SignatureScheme scheme, Digest digest, ByteView message,
                      ByteView signature) {
  const KeyType type = key.type();
  if (type.family != family_of(scheme)) {
    return false;
  }
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  if (!context || !prepare(context.get(), key, scheme, digest)) {
    throw Error(Kind::kInternal, "openssl",
                "OpenSSL cannot verify signatures by a key of type " + type.name());
  }
  const Bytes encoded = scheme == SignatureScheme::kEcdsa
                            ? ecdsa_der(signature, curve_info(type.curve).field_bytes)
                            : Bytes(signature.begin(), signature.end());
  const bool verified = EVP_DigestVerify(context.get(), encoded.data(), encoded.size(),
                                         message.data(), message.size()) == 1;
  ERR_clear_error();  // why it did not verify is of no use to a later caller
  return verified;
}

}  // namespace keyrite::crypto
