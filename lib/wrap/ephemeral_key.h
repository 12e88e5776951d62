// The ephemeral AES-256 key of a two-layer wrap: a session object that exists for one target.
// destroy() removes it and checks that it is gone; the destructor is the safety net for the paths
// that throw. Move-only.
#pragma once

#include <utility>

#include "base/error.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

class EphemeralKey {
 public:
  // Made in the token: extractable only because it must be wrapped under the wrapping key itself.
  [[nodiscard]] static EphemeralKey generate(pkcs11::Session& session);
  // Made on the host and put into the token: custody host-ephemeral.
  [[nodiscard]] static EphemeralKey import(pkcs11::Session& session,
                                           const crypto::SecretBytes& value);
  EphemeralKey(EphemeralKey&& other) noexcept
      : session_(other.session_),
        handle_(other.handle_),
        alive_(std::exchange(other.alive_, false)) {}
  EphemeralKey(const EphemeralKey&) = delete;
  EphemeralKey& operator=(const EphemeralKey&) = delete;
  ~EphemeralKey();

  [[nodiscard]] pkcs11::ObjectHandle handle() const { return handle_; }
  // Error kToken "ephemeral-not-destroyed" when the token keeps the key.
  void destroy();

 private:
  EphemeralKey(pkcs11::Session& session, pkcs11::ObjectHandle handle)
      : session_(&session), handle_(handle) {}
  pkcs11::Session* session_;
  pkcs11::ObjectHandle handle_;
  bool alive_{true};
};

}  // namespace keyrite::wrap
