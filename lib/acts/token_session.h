// From a binding (URI, module, PIN source) to a logged-in session: finds exactly one token, looks
// at its flags, logs in once. Owns module, login and session in the order in which they must end;
// close() ends them and reports. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "acts/context.h"
#include "pkcs11/login.h"
#include "pkcs11/module.h"
#include "pkcs11/session.h"
#include "pkcs11/token.h"

namespace keyrite::acts {

// The module of a binding. Errors: kUsage "modules-contradict"; those of pkcs11::Module::load.
[[nodiscard]] std::shared_ptr<pkcs11::Module> load_module(const TokenBinding& binding);

class TokenSession {
 public:
  // What is done as security officer, before the user's login.
  using OfficerWork = std::function<void(pkcs11::Session&)>;

  // Errors: kUsage "modules-contradict"; those of pkcs11::Module::load, find_token, Session::open,
  // Login (kConfig, kToken, kPin), and of `officer`.
  TokenSession(const TokenBinding& binding, pkcs11::Access access, const OfficerWork& officer = {});
  // With a module that is loaded already.
  TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
               pkcs11::Access access, const OfficerWork& officer = {});
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;
  ~TokenSession();

  [[nodiscard]] pkcs11::Session& session() { return *session_; }
  [[nodiscard]] const pkcs11::TokenInfo& info() const { return info_; }
  // The module that holds the token.
  [[nodiscard]] const pkcs11::ModuleInfo& module() const { return module_info_; }
  // Logs out, closes, finalizes; Error kToken when the module reports a failure.
  void close();

 private:
  [[nodiscard]] pkcs11::Login log_in(pkcs11::UserType user);
  TokenBinding binding_;
  std::shared_ptr<pkcs11::Module> module_;
  pkcs11::TokenInfo info_{};
  pkcs11::ModuleInfo module_info_{};
  std::unique_ptr<pkcs11::Session> session_{};
  std::unique_ptr<pkcs11::Login> login_{};
};

}  // namespace keyrite::acts
