// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "status/token_view.h"

#include "base/error.h"

namespace keyrite::status {

std::vector<std::string> TokenView::warnings() const {
  std::vector<std::string> all;
  if (!info) return all;
  const auto& user = info->flags.user;
  if (user.locked) {
    all.emplace_back("the user PIN is locked");
  } else if (user.final_try) {
    all.emplace_back("one try is left before the user PIN locks");
  } else if (user.count_low) {
    all.emplace_back("a wrong user PIN was given since the last login");
  }
  if (user.to_be_changed) all.emplace_back("the user PIN must be changed");
  return all;
}

TokenView seen_token(const act::TokenBinding& binding) {
  try {
    const auto module = act::load_module(binding);
    return {.info = pkcs11::find_token(module, pkcs11::TokenUri::parse(binding.uri)).info()};
  } catch (const Error& error) {
    return {.why_not = error.message()};
  }
}

TokenView opened_token(act::TokenSession& token) {
  using pkcs11::Attr;
  TokenView view{.info = token.info(), .logged_in = true, .keys = 0};
  for (const auto object_class :
       {pkcs11::ObjectClass::kSecretKey, pkcs11::ObjectClass::kPrivateKey}) {
    *view.keys +=
        token.session()
            .find(pkcs11::Template{}.set<Attr::kClass>(object_class).set<Attr::kToken>(true))
            .size();
  }
  return view;
}

}  // namespace keyrite::status
