// Bytes that must not leave the process: PINs, and the transport key of a host-ephemeral wrap. Kept
// in locked memory where the system allows it, wiped on every path, move-only, and without
// operator<<, ==, or an fmt formatter (a must-not-compile test holds that). One owner; not for use
// from two threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace keyrite::crypto {

// Sets up the locked, guarded arena that SecretBytes live in. False: the system did not give the
// protection (memory lock limit); SecretBytes then still work and are wiped, in ordinary memory.
// Once per process, before threads.
[[nodiscard]] bool initialise_secure_heap();

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zeros
  // Copies, then the caller wipes its own copy (wipe below).
  explicit SecretBytes(ByteView content);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  // The only ways to the content; grep for "reveal" to find every reader.
  [[nodiscard]] ByteView reveal() const noexcept { return {data_, size_}; }
  [[nodiscard]] std::span<std::uint8_t> reveal_for_writing() noexcept { return {data_, size_}; }
  void truncate(std::size_t size);  // keeps the first `size` bytes, wipes the rest

 private:
  std::uint8_t* data_{nullptr};
  std::size_t size_{0};
};

// Overwrites a plain buffer in a way the compiler may not remove (OPENSSL_cleanse).
void wipe(std::span<std::uint8_t> buffer) noexcept;

}  // namespace keyrite::crypto
