// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/kept_login.h"

namespace keyrite::act {

void KeptLogin::load(const TokenBinding& binding) {
  if (!module_) module_ = load_module(binding);
}

KeptLogin::Identity KeptLogin::identity(const TokenBinding& binding) {
  if (token_) return {token_->info(), token_->module()};
  load(binding);
  const auto found = pkcs11::find_token(module_, pkcs11::TokenUri::parse(binding.uri));
  return {found.info(), found.module_info()};
}

TokenSession& KeptLogin::begin_act(const TokenBinding& binding, pkcs11::Access access,
                                   const std::function<void(TokenSession& token)>& log_in) {
  try {
    if (token_) {
      token_->begin_act(access);
    } else {
      load(binding);
      token_.emplace(module_, binding, access, pins_);
    }
    log_in(*token_);
    return *token_;
  } catch (...) {
    forget();
    throw;
  }
}

void KeptLogin::close(const Context& context) {
  if (token_) token_->close(context);
  forget();
}

void KeptLogin::forget() {
  token_.reset();
  module_.reset();
}

}  // namespace keyrite::act
