// An RSA key pair of this process alone, made for one run: what a token that gives out no plaintext
// wraps data keys to (RSAES-OAEP). A real key, unlike crypto/throwaway_rsa.h: what is wrapped to it
// is secret, and may pass a network. Never written down. Move-only; one thread.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "crypto/secret_bytes.h"

namespace keyrite::crypto {

class RecipientKey {
 public:
  // RSA-3072. Error kInternal "openssl".
  [[nodiscard]] static RecipientKey make();
  RecipientKey(RecipientKey&&) noexcept;
  RecipientKey& operator=(RecipientKey&&) noexcept;
  RecipientKey(const RecipientKey&) = delete;
  RecipientKey& operator=(const RecipientKey&) = delete;
  ~RecipientKey();

  [[nodiscard]] const PublicKey& public_key() const;
  // Hash and MGF1 hash the same, empty label; nullopt when it does not open so.
  [[nodiscard]] std::optional<SecretBytes> open(Hash hash, ByteView ciphertext) const;

 private:
  struct State;
  explicit RecipientKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::crypto
