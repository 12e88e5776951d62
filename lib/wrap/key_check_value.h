// The check value that a token computes of every secret key, whatever the key may do: HKDF by
// Google's published rule for its EKCV (crypto/check_value.h). It tells nothing of a random key,
// and no other key has it; of what somebody could guess, such as a credential, none is made. One
// session, one thread.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "crypto/check_value.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

struct KeyCheckValue {
  std::optional<crypto::CheckValue> value{};
  // Where the token has no C_DigestKey for it: what it answered.
  std::string why_none{};
  std::optional<CkrAnswer> answer{};
};
// Errors: pkcs11::find_out's "not-found-out"; those of a token that is not well.
[[nodiscard]] KeyCheckValue key_check_value(pkcs11::Session& session, pkcs11::ObjectHandle key);

}  // namespace keyrite::wrap
