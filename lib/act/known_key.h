// A throw-away secret key in the token whose value the host knows, so that the host can compare
// what the token computes with it. keyrite imports the key. A token that takes no secret from
// outside (FIPS mode) makes one itself, and wraps it by RSA-OAEP under a throw-away key of the
// host. One session, one thread.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/key_type.h"
#include "pkcs11/session.h"
#include "wrap/session_object.h"

namespace keyrite::act {

class KnownKey {
 public:
  // AES keys may encrypt, generic secrets sign. Errors: those that are not a refusal.
  KnownKey(pkcs11::Session& session, const KeyType& type);

  // False: the token neither takes one nor gives one out, which why_not() says.
  [[nodiscard]] bool known() const { return key_.has_value(); }
  [[nodiscard]] const std::string& why_not() const { return why_not_; }
  [[nodiscard]] pkcs11::ObjectHandle handle() const { return key_.value().handle(); }
  [[nodiscard]] const Bytes& value() const { return value_; }

 private:
  void put_in();
  void make_inside();
  pkcs11::Session& session_;
  KeyType type_;
  std::optional<wrap::SessionObject> key_{};
  Bytes value_{};
  std::string why_not_{};
};

}  // namespace keyrite::act
