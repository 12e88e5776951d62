#include "crypto/sha256.h"

#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr const char* kHashing = "SHA-256";

}  // namespace

struct Sha256::State {
  State() { begin(); }
  void begin() const {
    require_openssl(EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr), kHashing);
  }
  MdPtr algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  MdCtxPtr context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::update(ByteView content) {
  require_openssl(EVP_DigestUpdate(state_->context.get(), content.data(), content.size()),
                  kHashing);
}

std::array<std::uint8_t, 32> Sha256::finish() {
  std::array<std::uint8_t, 32> result{};
  require_openssl(EVP_DigestFinal_ex(state_->context.get(), result.data(), nullptr), kHashing);
  state_->begin();
  return result;
}

}  // namespace keyrite::crypto
