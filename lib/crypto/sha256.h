// SHA-256 of many short texts, one after the other: the context and OpenSSL's search for its
// algorithm cost time only once. One thread per value.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace keyrite::crypto {

class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();
  // Both: Error kInternal "openssl".
  void update(ByteView content);
  // FIPS 180-4 of all updates since the last finish(); begins anew.
  [[nodiscard]] std::array<std::uint8_t, 32> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::crypto
