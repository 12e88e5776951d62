// Whether a token's CKA_CHECK_VALUE of AES keys can be believed. One session, one thread.
#pragma once

#include "base/key_type.h"
#include "pkcs11/session.h"

namespace keyrite::keys {

enum class CheckValueAttribute { kRight, kWrong, kAbsent };

// Compares the attribute of a throw-away AES key of `type`, which may encrypt, with AES of the zero
// block: its first three bytes (PKCS#11 "Secret key objects"). Errors kToken as the token gives
// them.
[[nodiscard]] CheckValueAttribute check_value_attribute(pkcs11::Session& session,
                                                        const KeyType& type);

}  // namespace keyrite::keys
