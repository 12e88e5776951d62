// A session object that is destroyed with this value. A failure then is kept in the session's
// undestroyed(): closing the session removes its objects in any case (PKCS#11 "Session objects").
#pragma once

#include "pkcs11/session.h"

namespace keyrite::wrap {

class SessionObject {
 public:
  SessionObject(pkcs11::Session& session, pkcs11::ObjectHandle handle)
      : session_(session), handle_(handle) {}
  SessionObject(const SessionObject&) = delete;
  SessionObject& operator=(const SessionObject&) = delete;
  ~SessionObject() { session_.discard(handle_); }
  [[nodiscard]] pkcs11::ObjectHandle handle() const { return handle_; }

 private:
  pkcs11::Session& session_;
  pkcs11::ObjectHandle handle_;
};

}  // namespace keyrite::wrap
