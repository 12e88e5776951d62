#include "acts/token_session.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::acts {

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

TokenSession::TokenSession(const TokenBinding& binding, pkcs11::Access access,
                           const OfficerWork& officer)
    : TokenSession(load_module(binding), binding, access, officer) {}

TokenSession::TokenSession(std::shared_ptr<pkcs11::Module> module, const TokenBinding& binding,
                           pkcs11::Access access, const OfficerWork& officer)
    : binding_(binding), module_(std::move(module)) {
  const pkcs11::Token token = pkcs11::find_token(module_, pkcs11::TokenUri::parse(binding.uri));
  info_ = token.info();
  module_info_ = token.module_info();
  session_ = std::make_unique<pkcs11::Session>(pkcs11::Session::open(token, access));
  if (officer) {
    pkcs11::Login login = log_in(pkcs11::UserType::kSo);
    officer(*session_);
    login.end();
  }
  if (info_.flags.login_required)
    login_ = std::make_unique<pkcs11::Login>(log_in(pkcs11::UserType::kUser));
}

TokenSession::~TokenSession() = default;

pkcs11::Login TokenSession::log_in(pkcs11::UserType user) {
  // Before the PIN is asked for: nobody types a PIN that will not be used.
  pkcs11::require_pin_usable(info_, user);
  return pkcs11::Login::start(*session_, user, binding_.pin(info_, user));
}

void TokenSession::close() {
  if (login_) login_->end();
  login_.reset();
  session_.reset();
  module_->finalize();
}

}  // namespace keyrite::acts
