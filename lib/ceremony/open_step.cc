// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/open_step.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "pkcs11/ckr.h"

namespace keyrite::ceremony {

bool is_outage(const Error& error) {
  // What keyrite says in its own words, without a return value of the token.
  constexpr std::array<std::string_view, 7> kCodes{
      "log-key-absent",     "login-lost", "module-not-loadable", "not-found-out",
      "reconnected-before", "token-ill",  "token-not-found"};
  return pkcs11::says_not_now(error) || std::ranges::find(kCodes, error.code()) != kCodes.end();
}

bool leaves_step_open(const Error& error) {
  return is_outage(error) || error.kind() == Kind::kWaiting || error.kind() == Kind::kPin ||
         error.kind() == Kind::kUnknownOutcome || error.kind() == Kind::kInternal ||
         error.code() == "interrupted";
}

Error with_way_on(const Error& error, const std::string& id) {
  Error open(error.kind(), error.code(), pkcs11::without_answer(error),
             fmt::format("{}{}nothing was decided and the step is open: when that is mended, "
                         "keyrite ceremony resume {} goes on with it",
                         error.hint(), error.hint().empty() ? "" : "; ", id));
  if (error.ckr()) return std::move(open).with_ckr(*error.ckr());
  return open;
}

}  // namespace keyrite::ceremony
