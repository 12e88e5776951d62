// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a token says of itself, with a login or without one. Nothing is changed. Values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/token_session.h"
#include "pkcs11/token.h"

namespace keyrite::status {

struct TokenView {
  std::optional<pkcs11::TokenInfo> info{};  // nullopt: it was not seen
  std::string why_not{};                    // then: why, for people
  bool logged_in{false};
  std::optional<std::size_t> keys{};  // that it shows, after a login
  // "one try is left before the user PIN locks", ...
  [[nodiscard]] std::vector<std::string> warnings() const;
};

// Without a login. An absent token is no Error.
[[nodiscard]] TokenView seen_token(const act::TokenBinding& binding);
// After it.
[[nodiscard]] TokenView opened_token(act::TokenSession& token);

}  // namespace keyrite::status
