#include "crypto/throwaway_rsa.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <vector>

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

// A prime p with its two top bits set and gcd(p - 1, e) = 1; e is prime, so p mod e != 1 says that.
BnPtr suitable_prime() {
  while (true) {
    BnPtr prime = new_number();
    require_openssl(BN_generate_prime_ex(prime.get(), kPrimeBits, 0, nullptr, nullptr, nullptr), "making a prime");
    if (BN_mod_word(prime.get(), kExponent) != 1) return prime;
  }
}

// n = p1 * ... * pk of exactly the size asked for. Distinct primes: a square in n would break decryption.
Product modulus_of(unsigned bits, BN_CTX* context) {
  while (true) {
    Product product;
    require_openssl(BN_one(product.modulus.get()), "arithmetic");
    require_openssl(BN_one(product.totient.get()), "arithmetic");
    std::vector<BnPtr> primes;
    for (unsigned made = 0; made < bits; made += kPrimeBits) {
      BnPtr prime = suitable_prime();
      require_openssl(BN_mul(product.modulus.get(), product.modulus.get(), prime.get(), context), "arithmetic");
      require_openssl(BN_sub_word(prime.get(), 1), "arithmetic");
      require_openssl(BN_mul(product.totient.get(), product.totient.get(), prime.get(), context), "arithmetic");
    }
    // Many factors below 2^128 multiply to fewer bits now and then.
    if (BN_num_bits(product.modulus.get()) == static_cast<int>(bits)) return product;
  }
}

Bytes bytes_of(const BIGNUM* number) {
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  return bytes;
}

}  // namespace

struct ThrowawayRsa::State {
  PublicKey public_key;
  BnPtr modulus;
  BnPtr private_exponent;
};

ThrowawayRsa::ThrowawayRsa(std::unique_ptr<State> state) : state_(std::move(state)) {}
ThrowawayRsa::ThrowawayRsa(ThrowawayRsa&&) noexcept = default;
ThrowawayRsa& ThrowawayRsa::operator=(ThrowawayRsa&&) noexcept = default;
ThrowawayRsa::~ThrowawayRsa() = default;

ThrowawayRsa ThrowawayRsa::make(unsigned modulus_bits) {
  const BnCtxPtr context(BN_CTX_new());
  Product product = modulus_of(modulus_bits, context.get());
  const BnPtr exponent = new_number();
  require_openssl(BN_set_word(exponent.get(), kExponent), "arithmetic");
  BnPtr inverse(BN_mod_inverse(nullptr, exponent.get(), product.totient.get(), context.get()));
  if (inverse == nullptr) openssl_failed("arithmetic");
  PublicKey key = PublicKey::from_rsa(bytes_of(product.modulus.get()), bytes_of(exponent.get()), "a throw-away key");
  return ThrowawayRsa(std::make_unique<State>(State{std::move(key), std::move(product.modulus), std::move(inverse)}));
}

const PublicKey& ThrowawayRsa::public_key() const { return state_->public_key; }

std::optional<Bytes> ThrowawayRsa::oaep_decrypt(Hash oaep, Hash mgf1, ByteView ciphertext) const {
  const auto size = static_cast<std::size_t>(BN_num_bytes(state_->modulus.get()));
  if (ciphertext.size() != size) return std::nullopt;
  const BnCtxPtr context(BN_CTX_new());
  const BnPtr number(BN_bin2bn(ciphertext.data(), static_cast<int>(size), nullptr));
  const BnPtr message = new_number();
  if (BN_cmp(number.get(), state_->modulus.get()) >= 0) return std::nullopt;
  require_openssl(BN_mod_exp(message.get(), number.get(), state_->private_exponent.get(), state_->modulus.get(),
                             context.get()),
                  "RSA");
  Bytes block(size);
  BN_bn2binpad(message.get(), block.data(), static_cast<int>(size));
  Bytes content(size);
  // The first byte of the block is the zero that RFC 8017 section 7.1.2 demands; OpenSSL checks it from `num`.
  const int length = RSA_padding_check_PKCS1_OAEP_mgf1(content.data(), static_cast<int>(content.size()), block.data(),
                                                       static_cast<int>(size), static_cast<int>(size), nullptr, 0,
                                                       md_of(oaep), md_of(mgf1));
  ERR_clear_error();
  if (length < 0) return std::nullopt;
  content.resize(static_cast<std::size_t>(length));
  return content;
}

}  // namespace keyrite::crypto
