// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The objects of a token before and after: a check leaves what it found. One session, one thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/error.h"
#include "pkcs11/session.h"

namespace keyrite::token_check {

// What tells objects apart: a token may lose one and keep another in its place.
using Identities = std::multiset<std::string>;

// Errors: those of Session::find and read_bytes.
[[nodiscard]] Identities identities(const pkcs11::Session& session);

// `undestroyed`: what the token answered when a throw-away key was to be removed. Error kToken
// "token-changed".
void require_unchanged(const pkcs11::TokenInfo& token, const Identities& before,
                       const Identities& after, const std::optional<Error>& undestroyed);

}  // namespace keyrite::token_check
