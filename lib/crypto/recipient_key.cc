#include "crypto/recipient_key.h"

#include <utility>

#include <openssl/rsa.h>

#include "crypto/internal/oaep_open.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr unsigned kRecipientBits = 3072;

Bytes number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  require_openssl(EVP_PKEY_get_bn_param(key, name, &number), "reading a public key");
  const BnPtr owned(number);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  return bytes;
}

}  // namespace

struct RecipientKey::State {
  PkeyPtr key_pair;
  PublicKey public_key;
};

RecipientKey::RecipientKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecipientKey::RecipientKey(RecipientKey&&) noexcept = default;
RecipientKey& RecipientKey::operator=(RecipientKey&&) noexcept = default;
RecipientKey::~RecipientKey() = default;

RecipientKey RecipientKey::make() {
  PkeyPtr pair(EVP_RSA_gen(kRecipientBits));
  if (pair == nullptr) openssl_failed("making an RSA key");
  auto public_key =
      PublicKey::from_rsa(number_of(pair.get(), OSSL_PKEY_PARAM_RSA_N),
                          number_of(pair.get(), OSSL_PKEY_PARAM_RSA_E), "the key of this process");
  return RecipientKey(std::make_unique<State>(State{std::move(pair), std::move(public_key)}));
}

const PublicKey& RecipientKey::public_key() const { return state_->public_key; }

std::optional<SecretBytes> RecipientKey::open(Hash hash, ByteView ciphertext) const {
  auto content = oaep_open(state_->key_pair.get(), hash, hash, ciphertext);
  if (!content) return std::nullopt;
  SecretBytes secret(*content);
  wipe(*content);
  return secret;
}

}  // namespace keyrite::crypto
