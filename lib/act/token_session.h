// From a binding (URI, module, PIN source) to a session: finds exactly one token, checks its flags,
// logs in. Owns module, session and login in the order in which they must end; close() ends them
// and reports. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "act/context.h"
#include "act/pins.h"
#include "base/error.h"
#include "pkcs11/login.h"
#include "pkcs11/module.h"
#include "pkcs11/session.h"
#include "pkcs11/session_pool.h"
#include "pkcs11/token.h"

namespace keyrite::act {

// The module of a binding. Errors: kUsage "modules-contradict"; those of pkcs11::Module::load.
[[nodiscard]] std::shared_ptr<pkcs11::Module> load_module(const TokenBinding& binding);

class TokenSession {
 public:
  // What is done as security officer.
  using OfficerWork = std::function<void(pkcs11::Session&)>;

  // A session in which nobody is logged in yet; `pins` outlives it. Errors: those of
  // pkcs11::find_token and Session::open (kConfig, kToken).
  TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
               pkcs11::Access access, Pins& pins);
  // With PINs of its own: the officer first, where there is work for one, then the user. Errors:
  // kUsage "modules-contradict"; those of pkcs11::Module::load, as_officer and log_user_in.
  TokenSession(const TokenBinding& binding, pkcs11::Access access, const OfficerWork& officer = {});
  // The same with a module that is loaded already.
  TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
               pkcs11::Access access, const OfficerWork& officer = {});
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;
  ~TokenSession();

  // Where the token wants a login. Errors: those of Pins::log_in.
  void log_user_in();
  // The officer in, `work`, the officer out. A user who is in goes out before and comes in again
  // afterwards, also when something failed, so that the log can be signed; the first failure is
  // the one that is thrown. What the user keeps in the session: public objects. A private session
  // object ends with a logout (PKCS#11 "C_Logout"). Errors: those of Pins::log_in and `work`;
  // kToken of a logout.
  void as_officer(const OfficerWork& work);

  [[nodiscard]] pkcs11::Session& session() { return *session_; }
  [[nodiscard]] const pkcs11::TokenInfo& info() const { return info_; }
  // The user's, for a fresh process; nullptr where he typed it into the token's own PIN pad.
  [[nodiscard]] const crypto::SecretBytes* accepted_pin() const {
    return pins_->accepted(info_.uri(), pkcs11::UserType::kUser);
  }
  // The module that holds the token.
  [[nodiscard]] const pkcs11::ModuleInfo& module() const { return module_info_; }
  // For the next act by the same login: a session of its own takes the place of the earlier act's,
  // whose session objects are gone. Where the session or the login is lost it connects again, as
  // reconnect(), which each act may use once. Errors: those of Session::renew, require_login and
  // reconnect().
  void begin_act(pkcs11::Access access);
  // Sessions for parallel work beside session(), by the same login; opened when they are asked for,
  // and anew where another number is. They end with the act and with reconnect(): no lease is out
  // then. Errors: those of SessionPool.
  [[nodiscard]] pkcs11::SessionPool& pool(std::size_t sessions);
  void close_pool() { pool_.reset(); }
  // Once in an act, after the token dropped the session or the login: closes everything, starts the
  // module anew, finds this very token and logs the user in with the PIN that was accepted before.
  // The Session of session() stays the same object, and every handle of an object is void. Only
  // what may be done twice is done again after it. Errors kToken "reconnected-before"; those of
  // Module::restart, find_token, Session::open and log_user_in.
  void reconnect();
  // Whether `error` says that session, login or token are gone, or that an object is not found
  // which only the logged-in user sees while nobody is logged in; and reconnect() was not used yet.
  [[nodiscard]] bool is_lost(const Error& error) const;
  // Logs out, closes, finalizes; Error kToken when the module reports a failure.
  void close();
  // The same at the end of an act that is complete: what the module reports is a warning, and the
  // next step is done all the same.
  void close(const Context& context);

 private:
  TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
               pkcs11::Access access, std::unique_ptr<Pins> own);
  void log_in_all(const OfficerWork& officer);

  std::unique_ptr<Pins> own_pins_{};
  Pins* pins_;
  std::shared_ptr<pkcs11::Module> module_;
  pkcs11::TokenInfo info_{};
  pkcs11::ModuleInfo module_info_{};
  std::unique_ptr<pkcs11::Session> session_{};
  std::unique_ptr<pkcs11::Login> login_{};
  pkcs11::Access access_;
  std::unique_ptr<pkcs11::SessionPool> pool_{};
  std::size_t pool_size_{0};
  bool reconnected_{false};
};

}  // namespace keyrite::act
