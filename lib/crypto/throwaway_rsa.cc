#include "crypto/throwaway_rsa.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr int kPrimeBits = 128;
constexpr unsigned long kExponent = 65537;

const EVP_MD* md_of(Hash hash) { return hash == Hash::kSha1 ? EVP_sha1() : EVP_sha256(); }

BnPtr new_number() {
  BnPtr number(BN_new());
  if (number == nullptr) openssl_failed("arithmetic");
  return number;
}

struct Product {
  BnPtr modulus = new_number();
  BnPtr totient = new_number();
};

// A prime p with gcd(p - 1, e) = 1; e is prime, so p mod e != 1 says that.
BnPtr suitable_prime(int bits) {
  while (true) {
    BnPtr prime = new_number();
    require_openssl(BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr),
                    "making a prime");
    if (BN_mod_word(prime.get(), kExponent) != 1) return prime;
  }
}

void multiply_in(Product& product, BnPtr prime, BN_CTX* context) {
  require_openssl(BN_mul(product.modulus.get(), product.modulus.get(), prime.get(), context),
                  "arithmetic");
  require_openssl(BN_sub_word(prime.get(), 1), "arithmetic");
  require_openssl(BN_mul(product.totient.get(), product.totient.get(), prime.get(), context),
                  "arithmetic");
}

// The last factor brings the product to exactly `bits`: it has the bits that are missing, or one
// more.
BnPtr last_prime(const BIGNUM* product, int bits, BN_CTX* context) {
  const int missing = bits - BN_num_bits(product);
  const BnPtr whole = new_number();
  for (int tries = 0;; ++tries) {
    BnPtr prime = suitable_prime(missing + tries % 2);
    require_openssl(BN_mul(whole.get(), product, prime.get(), context), "arithmetic");
    if (BN_num_bits(whole.get()) == bits) return prime;
  }
}

// n = p1 * ... * pk of exactly the size asked for.
Product modulus_of(int bits, BN_CTX* context) {
  Product product;
  require_openssl(BN_one(product.modulus.get()), "arithmetic");
  require_openssl(BN_one(product.totient.get()), "arithmetic");
  while (bits - BN_num_bits(product.modulus.get()) > 2 * kPrimeBits) {
    multiply_in(product, suitable_prime(kPrimeBits), context);
  }
  multiply_in(product, last_prime(product.modulus.get(), bits, context), context);
  return product;
}

// Without the primes OpenSSL computes with n and d alone, which it does for any modulus.
PkeyPtr key_pair_of(const BIGNUM* modulus, const BIGNUM* exponent, const BIGNUM* inverse) {
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus),
                  "building an RSA key");
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent),
                  "building an RSA key");
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_D, inverse),
                  "building an RSA key");
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  require_openssl(EVP_PKEY_fromdata_init(context.get()), "building an RSA key");
  require_openssl(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()),
                  "building an RSA key");
  return PkeyPtr(key);
}

Bytes bytes_of(const BIGNUM* number) {
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  return bytes;
}

}  // namespace

struct ThrowawayRsa::State {
  PublicKey public_key;
  PkeyPtr key_pair;
};

ThrowawayRsa::ThrowawayRsa(std::unique_ptr<State> state) : state_(std::move(state)) {}
ThrowawayRsa::ThrowawayRsa(ThrowawayRsa&&) noexcept = default;
ThrowawayRsa& ThrowawayRsa::operator=(ThrowawayRsa&&) noexcept = default;
ThrowawayRsa::~ThrowawayRsa() = default;

ThrowawayRsa ThrowawayRsa::make(unsigned modulus_bits) {
  const BnCtxPtr context(BN_CTX_new());
  Product product = modulus_of(static_cast<int>(modulus_bits), context.get());
  const BnPtr exponent = new_number();
  require_openssl(BN_set_word(exponent.get(), kExponent), "arithmetic");
  BnPtr inverse(BN_mod_inverse(nullptr, exponent.get(), product.totient.get(), context.get()));
  if (inverse == nullptr) openssl_failed("arithmetic");
  PublicKey key = PublicKey::from_rsa(bytes_of(product.modulus.get()), bytes_of(exponent.get()),
                                      "a throw-away key");
  return ThrowawayRsa(std::make_unique<State>(
      State{std::move(key), key_pair_of(product.modulus.get(), exponent.get(), inverse.get())}));
}

const PublicKey& ThrowawayRsa::public_key() const { return state_->public_key; }

std::optional<Bytes> ThrowawayRsa::oaep_decrypt(Hash oaep, Hash mgf1, ByteView ciphertext) const {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(state_->key_pair.get(), nullptr));
  require_openssl(EVP_PKEY_decrypt_init(context.get()), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), md_of(oaep)), "RSA-OAEP");
  require_openssl(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), md_of(mgf1)), "RSA-OAEP");
  Bytes content(state_->public_key.rsa_bits() / 8);
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
