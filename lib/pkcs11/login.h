// A login. It belongs to the token, not to the session it was made on (PKCS#11 "C_Login"): all
// sessions of this process on the token share it, and ending it ends it for all. One owner; workers
// never log out. end() reports; the destructor is the safety net.
#pragma once

#include <optional>

#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"
#include "pkcs11/token.h"

namespace keyrite::pkcs11 {

// Refuses before any PIN is spent. Errors kPin "pin-final-try", "pin-locked", "pin-to-be-changed";
// kToken "pin-not-initialized".
void require_pin_usable(const TokenInfo& token, UserType user);

class Login {
 public:
  // One try. `pin` nullopt: the token has its own PIN pad. Errors kPin "pin-wrong", "pin-locked",
  // "pin-expired"; kToken "login-not-effective" when the session's state afterwards is not that of
  // this user, and kToken for the rest. CKR_USER_ALREADY_LOGGED_IN counts as a login that somebody
  // else owns: end() leaves it.
  [[nodiscard]] static Login start(Session& session, UserType user,
                                   const std::optional<crypto::SecretBytes>& pin);
  Login(Login&& other) noexcept;
  Login& operator=(Login&&) = delete;
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;
  ~Login();
  // False where somebody else of this process had logged in before: the token checked no PIN.
  [[nodiscard]] bool owned() const noexcept { return owned_; }
  // C_Logout. Error kToken with the CKR.
  void end();

 private:
  void require_effective(UserType user) const;
  explicit Login(Session& session, bool owned) : session_(&session), owned_(owned) {}
  Session* session_;
  bool owned_;
};

}  // namespace keyrite::pkcs11
