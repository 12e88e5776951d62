// What a key is that is already in the token, whoever made it: its type, the hash that its type
// binds it to, and its dates. Public attributes alone. If a token does not tell the length of an
// HMAC key, keyrite measures a copy that stays in the token. One session, one thread.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/key_type.h"
#include "pkcs11/mechanism.h"
#include "pkcs11/session.h"

namespace keyrite::wrap {

// The type of a secret, private or public key object from its attributes. CKK_SHA256_HMAC and its
// kin are generic secrets that are bound to a hash. Errors kToken: "key-type-unsupported", which
// names the type, and the curve of one; "key-length-unknown" of a secret key whose length the token
// does not tell; "public-half-unreadable" of an RSA key without a modulus.
[[nodiscard]] KeyType read_key_type(pkcs11::Session& session, pkcs11::ObjectHandle handle);

// The only hash that a key of type CKK_SHA_1_HMAC, CKK_SHA224_HMAC, ... may be used with; nullopt
// of every other type.
[[nodiscard]] std::optional<crypto::Digest> bound_hash(const pkcs11::Session& session,
                                                       pkcs11::ObjectHandle handle);

// CKA_START_DATE or CKA_END_DATE. Tokens store what they are given, enforce nothing, and one of
// them answers CKR_GENERAL_ERROR when it is asked for a date that it has.
struct KeyDate {
  std::optional<std::string> day{};   // "2026-03-01"; other content as hex
  std::optional<Error> unreadable{};  // there may be one, and this is what the token answered
};
// Errors: what the token answers but CKR_GENERAL_ERROR and CKR_FUNCTION_FAILED.
[[nodiscard]] KeyDate read_date(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                                pkcs11::Attr attribute);

}  // namespace keyrite::wrap
