// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A key is used once before anything is said about it, and what comes of it is checked. One
// session, one thread.
#pragma once

#include <optional>

#include "act/log_words.h"
#include "base/key_type.h"
#include "base/key_usage.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"

namespace keyrite::keys {

// Uses the key once as its usage allows and checks the result: encrypt and decrypt, sign and verify
// (private keys: on the host with the public half), wrap and unwrap. Returns how. Error kToken
// "key-unusable".
[[nodiscard]] act::Words use_once(pkcs11::Session& session, const KeyType& type, KeyUsage usage,
                                  pkcs11::ObjectHandle key,
                                  const std::optional<pkcs11::ObjectHandle>& public_half,
                                  const std::optional<crypto::PublicKey>& public_key);

}  // namespace keyrite::keys
