// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The check values of a key, computed by using it; or, where it may not encrypt, those that the
// token keeps of it. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/log_words.h"
#include "base/key_type.h"
#include "base/key_usage.h"
#include "crypto/check_value.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"

namespace keyrite::keys {

// The check values that can be computed by use, each with its algorithm; empty when the usage
// allows none. `bound`: the hash that the key's type binds it to.
[[nodiscard]] std::vector<crypto::CheckValue> check_values_by_use(
    pkcs11::Session& session, const KeyType& type, KeyUsage usage, pkcs11::ObjectHandle key,
    const std::optional<crypto::PublicKey>& public_key,
    std::optional<crypto::Digest> bound = std::nullopt);
// And behind them, of a secret key, the one that needs no usage (wrap/key_check_value.h), where the
// token computes it.
[[nodiscard]] std::vector<crypto::CheckValue> check_values(
    pkcs11::Session& session, const KeyType& type, KeyUsage usage, pkcs11::ObjectHandle key,
    const std::optional<crypto::PublicKey>& public_key,
    std::optional<crypto::Digest> bound = std::nullopt);

struct AttributeCheckValue {
  std::vector<crypto::CheckValue> values{};
  std::string why_none{};  // when there is none
  act::Words code{};       // the same for the log
};
// For an AES key that may not encrypt: its CKA_CHECK_VALUE, named "cka-check-value-aes-ecb-zero",
// if that attribute of a throw-away key that may encrypt was found right.
[[nodiscard]] AttributeCheckValue check_value_of_attribute(pkcs11::Session& session,
                                                           const KeyType& type,
                                                           pkcs11::ObjectHandle key);

}  // namespace keyrite::keys
