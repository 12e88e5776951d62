#include "act/token_session.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/ckr.h"

namespace keyrite::act {

std::shared_ptr<pkcs11::Module> load_module(const TokenBinding& binding) {
  const auto uri = pkcs11::TokenUri::parse(binding.uri);
  if (binding.module && uri.module_path() &&
      !pkcs11::same_module_file(*binding.module, *uri.module_path())) {
    throw Error(Kind::kUsage, "modules-contradict",
                fmt::format("--module names {}, and module-path in the URI {}",
                            printable(*binding.module), printable(*uri.module_path())),
                "name the module once");
  }
  pkcs11::ModuleSpec spec;
  spec.path = binding.module ? binding.module : uri.module_path();
  spec.init_args = binding.init_args;
  return pkcs11::Module::load(spec);
}

TokenSession::TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
                           pkcs11::Access access, Pins& pins)
    : pins_(&pins), module_(std::move(module)), access_(access) {
  const pkcs11::Token token = pkcs11::find_token(module_, pkcs11::TokenUri::parse(binding.uri));
  info_ = token.info();
  module_info_ = token.module_info();
  session_ = std::make_unique<pkcs11::Session>(pkcs11::Session::open(token, access));
}

TokenSession::TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
                           pkcs11::Access access, std::unique_ptr<Pins> own)
    : TokenSession(std::move(module), binding, access, *own) {
  own_pins_ = std::move(own);
}

TokenSession::TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
                           pkcs11::Access access, const OfficerWork& officer)
    : TokenSession(std::move(module), binding, access, std::make_unique<Pins>(binding.pin)) {
  log_in_all(officer);
}

TokenSession::TokenSession(const TokenBinding& binding, pkcs11::Access access,
                           const OfficerWork& officer)
    : TokenSession(load_module(binding), binding, access, officer) {}

TokenSession::~TokenSession() = default;

void TokenSession::log_in_all(const OfficerWork& officer) {
  if (officer) as_officer(officer);
  log_user_in();
}

void TokenSession::log_user_in() {
  if (info_.flags.login_required && !login_) {
    login_ = std::make_unique<pkcs11::Login>(pins_->log_in(*session_, pkcs11::UserType::kUser));
  }
}

void TokenSession::as_officer(const OfficerWork& work) {
  const bool user_was_in = login_ != nullptr;
  if (login_) login_->end();
  login_.reset();
  std::exception_ptr failed;
  try {
    pkcs11::Login officer = pins_->log_in(*session_, pkcs11::UserType::kSo);
    work(*session_);
    officer.end();
  } catch (...) {
    failed = std::current_exception();
  }
  try {
    if (user_was_in) log_user_in();
  } catch (const Error&) {
    if (!failed) throw;
  }
  if (failed) std::rethrow_exception(failed);
}

void TokenSession::begin_act(pkcs11::Access access) {
  reconnected_ = false;
  access_ = access;
  close_pool();
  try {
    session_->renew(access);
    session_->require_login();
    return;
  } catch (const Error& error) {
    if (error.code() != "login-lost" && !pkcs11::says_lost(error)) throw;
  }
  reconnect();
}

pkcs11::SessionPool& TokenSession::pool(std::size_t sessions) {
  if (!pool_ || pool_size_ != sessions) {
    pool_.reset();
    pool_ = std::make_unique<pkcs11::SessionPool>(session_->token(), access_, sessions);
    pool_size_ = sessions;
  }
  return *pool_;
}

void TokenSession::reconnect() {
  if (std::exchange(reconnected_, true)) {
    throw Error(Kind::kToken, "reconnected-before",
                "keyrite reconnected to the token once, and lost it again",
                "check the HSM's state and connection");
  }
  close_pool();
  login_.reset();
  session_->drop();
  module_->restart();
  // By its serial number: no other token answers to it.
  session_->reopen(pkcs11::find_token(module_, pkcs11::TokenUri::parse(info_.uri())));
  log_user_in();
}

bool TokenSession::is_lost(const Error& error) const {
  if (reconnected_) return false;
  if (pkcs11::says_lost(error)) return true;
  if (error.code() != "object-not-found" || !info_.flags.login_required) return false;
  try {
    return !session_->user_is_logged_in();
  } catch (const Error& second) {
    return pkcs11::says_lost(second);
  }
}

void TokenSession::close() {
  close_pool();
  if (login_) login_->end();
  login_.reset();
  session_.reset();
  module_->finalize();
}

void TokenSession::close(const Context& context) {
  const auto& tell = context.warn ? context.warn : context.note;
  const auto step = [&](const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      if (tell)
        tell(fmt::format("the act is complete, but the token session did not end well: {}",
                         error.message()));
    }
  };
  close_pool();
  if (login_) step([&] { login_->end(); });
  login_.reset();
  step([&] { session_->close(); });
  session_.reset();
  step([&] { module_->finalize(); });
}

}  // namespace keyrite::act
