// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The login of a Runner: its module is loaded once and its user logs in once, for all of its acts.
// Each act works in a session of its own by that login, so that no handle and no session object of
// one act is there in the next. Owned by the door to the token; one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "act/context.h"
#include "act/pins.h"
#include "act/token_session.h"
#include "pkcs11/module.h"
#include "pkcs11/token.h"

namespace keyrite::act {

class KeptLogin {
 public:
  // `pins` outlives it.
  explicit KeptLogin(Pins& pins) : pins_(pins) {}

  // What a token and its module say of themselves.
  struct Identity {
    pkcs11::TokenInfo token{};
    pkcs11::ModuleInfo module{};
  };
  // Loads the module where none is loaded yet. Errors: those of load_module.
  void load(const TokenBinding& binding);
  // Of the token that is logged in, or that the next login would be to; nobody logs in here.
  // Errors: those of load_module and find_token.
  [[nodiscard]] Identity identity(const TokenBinding& binding);

  // A session for one act, in which `log_in` did what the act needs. After an Error nothing is
  // kept: the next act loads the module and logs in anew. Errors: those of load_module,
  // TokenSession and begin_act, and of `log_in`.
  TokenSession& begin_act(const TokenBinding& binding, pkcs11::Access access,
                          const std::function<void(TokenSession& token)>& log_in);
  // As TokenSession::close(context); the next act logs in anew.
  void close(const Context& context);

 private:
  void forget();

  Pins& pins_;
  std::shared_ptr<pkcs11::Module> module_{};
  std::optional<TokenSession> token_{};
};

}  // namespace keyrite::act
