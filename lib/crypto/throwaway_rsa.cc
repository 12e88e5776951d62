#include "crypto/throwaway_rsa.h"

#include <utility>
#include <vector>

#include "crypto/internal/oaep_open.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr int kPrimeBits = 128;
constexpr unsigned long kExponent = 65537;
constexpr const char* kArithmetic = "arithmetic";
constexpr const char* kBuildingKey = "building an RSA key";

BnPtr new_number() {
  BnPtr number(BN_new());
  if (number == nullptr) openssl_failed(kArithmetic);
  return number;
}

BnPtr one() {
  BnPtr number = new_number();
  require_openssl(BN_one(number.get()), kArithmetic);
  return number;
}

// Half of a modulus: a product of small primes, and phi of it.
struct Factor {
  BnPtr product = one();
  BnPtr totient = one();
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

BnPtr product_of(const BIGNUM* left, const BIGNUM* right, BN_CTX* context) {
  BnPtr product = new_number();
  require_openssl(BN_mul(product.get(), left, right, context), kArithmetic);
  return product;
}

BnPtr inverse_of(const BIGNUM* number, const BIGNUM* modulus, BN_CTX* context) {
  BnPtr inverse(BN_mod_inverse(nullptr, number, modulus, context));
  if (inverse == nullptr) openssl_failed(kArithmetic);
  return inverse;
}

void multiply_in(Factor& factor, BnPtr prime, BN_CTX* context) {
  factor.product = product_of(factor.product.get(), prime.get(), context);
  require_openssl(BN_sub_word(prime.get(), 1), kArithmetic);
  factor.totient = product_of(factor.totient.get(), prime.get(), context);
}

// The last prime brings the product to exactly `bits`: it has the bits that are missing, or one
// more.
BnPtr last_prime(const BIGNUM* product, int bits, BN_CTX* context) {
  const int missing = bits - BN_num_bits(product);
  for (int tries = 0;; ++tries) {
    BnPtr prime = suitable_prime(missing + tries % 2);
    if (BN_num_bits(product_of(product, prime.get(), context).get()) == bits) return prime;
  }
}

// A factor that brings `rest` times it to exactly `bits`.
Factor factor_of(const BIGNUM* rest, int bits, BN_CTX* context) {
  Factor factor;
  BnPtr whole(BN_dup(rest));
  while (bits - BN_num_bits(whole.get()) > 2 * kPrimeBits) {
    BnPtr prime = suitable_prime(kPrimeBits);
    whole = product_of(whole.get(), prime.get(), context);
    multiply_in(factor, std::move(prime), context);
  }
  multiply_in(factor, last_prime(whole.get(), bits, context), context);
  return factor;
}

using NamedNumber = std::pair<const char*, const BIGNUM*>;

PkeyPtr key_pair_of(const std::vector<NamedNumber>& numbers) {
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  for (const auto& [name, number] : numbers) {
    require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), name, number), kBuildingKey);
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  require_openssl(EVP_PKEY_fromdata_init(context.get()), kBuildingKey);
  require_openssl(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get()),
                  kBuildingKey);
  return PkeyPtr(key);
}

// RFC 8017 section 3.2 with products of primes where p and q stand: the Chinese remainder theorem
// asks only that the two have no divisor in common, and exponents modulo phi of each serve as well.
// It makes the private operation several times as fast as with n and d alone.
PkeyPtr key_pair_of(const Factor& p, const Factor& q, const BIGNUM* modulus, const BIGNUM* exponent,
                    BN_CTX* context) {
  const BnPtr totient = product_of(p.totient.get(), q.totient.get(), context);
  const BnPtr d = inverse_of(exponent, totient.get(), context);
  const BnPtr d_p = inverse_of(exponent, p.totient.get(), context);
  const BnPtr d_q = inverse_of(exponent, q.totient.get(), context);
  const BnPtr q_inverse = inverse_of(q.product.get(), p.product.get(), context);
  return key_pair_of({{OSSL_PKEY_PARAM_RSA_N, modulus},
                      {OSSL_PKEY_PARAM_RSA_E, exponent},
                      {OSSL_PKEY_PARAM_RSA_D, d.get()},
                      {OSSL_PKEY_PARAM_RSA_FACTOR1, p.product.get()},
                      {OSSL_PKEY_PARAM_RSA_FACTOR2, q.product.get()},
                      {OSSL_PKEY_PARAM_RSA_EXPONENT1, d_p.get()},
                      {OSSL_PKEY_PARAM_RSA_EXPONENT2, d_q.get()},
                      {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, q_inverse.get()}});
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
  const int bits = static_cast<int>(modulus_bits);
  const Factor p = factor_of(one().get(), bits / 2, context.get());
  const Factor q = factor_of(p.product.get(), bits, context.get());
  const BnPtr modulus = product_of(p.product.get(), q.product.get(), context.get());
  const BnPtr exponent = new_number();
  require_openssl(BN_set_word(exponent.get(), kExponent), kArithmetic);
  PublicKey key =
      PublicKey::from_rsa(bytes_of(modulus.get()), bytes_of(exponent.get()), "a throw-away key");
  return ThrowawayRsa(std::make_unique<State>(
      State{std::move(key), key_pair_of(p, q, modulus.get(), exponent.get(), context.get())}));
}

const PublicKey& ThrowawayRsa::public_key() const { return state_->public_key; }

std::optional<Bytes> ThrowawayRsa::oaep_decrypt(Hash oaep, Hash mgf1, ByteView ciphertext) const {
  return oaep_open(state_->key_pair.get(), oaep, mgf1, ciphertext);
}

}  // namespace keyrite::crypto
