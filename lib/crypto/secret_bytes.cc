#include "crypto/secret_bytes.h"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <algorithm>
#include <utility>

namespace keyrite::crypto {

namespace {

// Room for PINs, transport keys and a few thousand data keys, in one locked arena with guard pages.
constexpr std::size_t kHeapBytes = std::size_t{1024} * 1024;
constexpr std::size_t kSmallestBlock = 32;

}  // namespace

bool initialise_secure_heap() {
  if (CRYPTO_secure_malloc_initialized() == 1) return true;
  // 1: locked and guarded; 2: allocated, but the protection failed; 0: nothing.
  return CRYPTO_secure_malloc_init(kHeapBytes, kSmallestBlock) == 1;
}

SecretBytes::SecretBytes(std::size_t size)
    : data_(size == 0 ? nullptr : static_cast<std::uint8_t*>(OPENSSL_secure_zalloc(size))),
      size_(size) {
  if (size != 0 && data_ == nullptr) throw std::bad_alloc();
}

SecretBytes::SecretBytes(ByteView content) : SecretBytes(content.size()) {
  std::copy(content.begin(), content.end(), data_);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  // What this held goes, and is wiped, now: not whenever `other` happens to end.
  SecretBytes taken(std::move(other));
  std::swap(data_, taken.data_);
  std::swap(size_, taken.size_);
  return *this;
}

SecretBytes::~SecretBytes() { OPENSSL_secure_clear_free(data_, size_); }

void SecretBytes::truncate(std::size_t size) {
  if (size < size_) *this = SecretBytes(ByteView(data_, size));
}

void wipe(std::span<std::uint8_t> buffer) noexcept {
  OPENSSL_cleanse(buffer.data(), buffer.size());
}

}  // namespace keyrite::crypto
