// An RSA key pair for self-tests: of exactly the size of a cloud's wrapping key, made in
// milliseconds. Its modulus is the product of many 128-bit primes, so it protects nothing; what is
// wrapped under it is a throw-away key that protects nothing either, and a token cannot tell it
// from a real one. Never use it for anything else. Move-only.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

class ThrowawayRsa {
 public:
  // `modulus_bits` a multiple of 128, e = 65537. Error kInternal "openssl".
  [[nodiscard]] static ThrowawayRsa make(unsigned modulus_bits);
  ThrowawayRsa(ThrowawayRsa&&) noexcept;
  ThrowawayRsa& operator=(ThrowawayRsa&&) noexcept;
  ThrowawayRsa(const ThrowawayRsa&) = delete;
  ThrowawayRsa& operator=(const ThrowawayRsa&) = delete;
  ~ThrowawayRsa();

  [[nodiscard]] const PublicKey& public_key() const;
  // RSAES-OAEP decryption with the two hashes given apart, empty label; nullopt when the block does
  // not open so.
  [[nodiscard]] std::optional<Bytes> oaep_decrypt(Hash oaep, Hash mgf1, ByteView ciphertext) const;

 private:
  struct State;
  explicit ThrowawayRsa(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::crypto
