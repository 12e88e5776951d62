#include "crypto/sha256.h"

#include <openssl/sha.h>

#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr const char* kHashing = "SHA-256";

}  // namespace

struct Sha256::State {
  State() { begin(); }
  void begin() { require_openssl(SHA256_Init(&context), kHashing); }
  SHA256_CTX context{};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::update(ByteView content) {
  require_openssl(SHA256_Update(&state_->context, content.data(), content.size()), kHashing);
}

std::array<std::uint8_t, 32> Sha256::finish() {
  std::array<std::uint8_t, 32> result{};
  require_openssl(SHA256_Final(result.data(), &state_->context), kHashing);
  state_->begin();
  return result;
}

}  // namespace keyrite::crypto
