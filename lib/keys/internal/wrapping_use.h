// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Trying a new key that wraps: a throw-away key is wrapped and unwrapped, and the copy is compared
// by use. One session, one thread.
#pragma once

#include <string_view>

#include "act/log_words.h"
#include "pkcs11/session.h"

namespace keyrite::keys {

// What is being done, for the message of an Error.
inline constexpr std::string_view kTrying = "trying the new key";

// Error kToken "key-unusable".
[[noreturn]] void refuse_unusable(std::string_view how);

// How it wrapped. Errors kToken "key-unusable"; kUnknownOutcome where the token did not answer.
[[nodiscard]] act::Words try_wrapping(pkcs11::Session& session, pkcs11::ObjectHandle key);
[[nodiscard]] act::Words try_rsa_unwrapping(pkcs11::Session& session, pkcs11::ObjectHandle key,
                                            pkcs11::ObjectHandle public_half);

}  // namespace keyrite::keys
