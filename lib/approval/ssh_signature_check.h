// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether an SSH signature is one over a message, by a key, for a purpose. Pure, any thread.
#pragma once

#include <string_view>

#include "approval/ssh_signature.h"

namespace keyrite::approval {

enum class SshOutcome {
  kGood,
  kOtherKey,         // signed by another key than the one asked about
  kOtherNamespace,   // signed for another purpose
  kBadSignature,     // the message is another one, or the signature was altered
  kTouchMissing,     // good, but nobody touched the authenticator
  kUserNotVerified,  // good, but the authenticator asked for no PIN or finger, which is demanded
};

// Beyond a touch, which is always demanded of an authenticator.
struct SshDemands {
  bool user_verified{false};  // PIN or finger; keys on disk cannot show it and are not asked
};

// Whether `signature` is one over `message` by `key` for `name_space`; the first of the outcomes
// in their order, kGood last. Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] SshOutcome check_ssh_signature(const SshSignature& signature, ByteView message,
                                             const SshKey& key, std::string_view name_space,
                                             const SshDemands& demands = {});

}  // namespace keyrite::approval
