// A throw-away AES key that may wrap and unwrap, a session object, whose value the host knows: put
// in where the token takes one, else made there and wrapped out under a throw-away RSA key. One
// session, one thread.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "pkcs11/session.h"
#include "wrap/session_object.h"

namespace keyrite::wrap::internal {

class KnownKek {
 public:
  // Errors kToken as the token gives them.
  KnownKek(pkcs11::Session& session, unsigned bits);
  [[nodiscard]] pkcs11::ObjectHandle handle() const { return key_->handle(); }
  [[nodiscard]] ByteView value() const { return value_; }

 private:
  Bytes value_{};
  std::optional<SessionObject> key_{};
};

}  // namespace keyrite::wrap::internal
