#include "crypto/public_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/digest.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/supported_key.h"

namespace keyrite::crypto {

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key)), spki_(canonical_spki(key_.get())) {}

KeyType PublicKey::type() const {
  switch (EVP_PKEY_get_base_id(key_.get())) {
    case EVP_PKEY_RSA:
      return {.family = KeyFamily::kRsa, .size = rsa_bits()};
    case EVP_PKEY_EC:
      return {.family = KeyFamily::kEc, .size = 0, .curve = curve_of(key_.get())};
    default:
      return {.family = KeyFamily::kEd25519};
  }
}

unsigned PublicKey::rsa_bits() const {
  if (EVP_PKEY_get_base_id(key_.get()) != EVP_PKEY_RSA) return 0;
  return static_cast<unsigned>(EVP_PKEY_get_bits(key_.get()));
}

Bytes PublicKey::rsa_modulus() const { return big_number(key_.get(), OSSL_PKEY_PARAM_RSA_N); }
Bytes PublicKey::rsa_exponent() const { return big_number(key_.get(), OSSL_PKEY_PARAM_RSA_E); }

std::string PublicKey::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require_openssl(PEM_write_bio_PUBKEY(bio.get(), key_.get()), "writing a public key");
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string PublicKey::sha256() const { return sha256_hex(spki_); }

}  // namespace keyrite::crypto
