#include "acts/token_session.h"

#include <utility>

namespace keyrite::acts {

namespace {

std::shared_ptr<pkcs11::Module> load(const TokenBinding& binding, const pkcs11::TokenUri& uri) {
  pkcs11::ModuleSpec spec;
  spec.path = binding.module ? binding.module : uri.module_path();
  spec.init_args = binding.init_args;
  return pkcs11::Module::load(spec);
}

}  // namespace

TokenSession::TokenSession(const TokenBinding& binding, pkcs11::Access access)
    : TokenSession(load(binding, pkcs11::TokenUri::parse(binding.uri)), binding, access) {}

TokenSession::TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
                           pkcs11::Access access)
    : binding_(binding), module_(std::move(module)) {
  const pkcs11::Token token = pkcs11::find_token(module_, pkcs11::TokenUri::parse(binding.uri));
  info_ = token.info();
  session_ = std::make_unique<pkcs11::Session>(pkcs11::Session::open(token, access));
  log_in();
}

TokenSession::~TokenSession() = default;

void TokenSession::log_in() {
  if (!info_.flags.login_required) return;
  pkcs11::require_pin_usable(info_, pkcs11::UserType::kUser);
  login_ = std::make_unique<pkcs11::Login>(pkcs11::Login::start(
      *session_, pkcs11::UserType::kUser, binding_.pin(info_, pkcs11::UserType::kUser)));
}

const pkcs11::ModuleInfo& TokenSession::module() const { return module_->info(); }

void TokenSession::as_security_officer(const std::function<void(pkcs11::Session&)>& work) {
  // Login belongs to the token, not to a session (PKCS#11 "C_Login"): the user must go before the
  // officer comes.
  if (login_) login_->end();
  login_.reset();
  {
    pkcs11::require_pin_usable(info_, pkcs11::UserType::kSo);
    auto officer = pkcs11::Login::start(*session_, pkcs11::UserType::kSo,
                                        binding_.pin(info_, pkcs11::UserType::kSo));
    work(*session_);
    officer.end();
  }
  log_in();
}

void TokenSession::close() {
  if (login_) login_->end();
  login_.reset();
  session_.reset();
  module_->finalize();
}

}  // namespace keyrite::acts
