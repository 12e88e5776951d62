// Whether a private key in the token and a public key belong together. What the private key does
// decides, never label or id: public objects need no login on most tokens, so whoever has a session
// may have put another key under the same id. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "act/log_words.h"
#include "base/key_type.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"
#include "wrap/key_generation.h"

namespace keyrite::act {

// Signs a random message in the token and verifies it on the host: the mechanism's name, or nullopt
// when it does not verify. `what` as in pkcs11/session.h. Errors kToken with the CKR.
[[nodiscard]] std::optional<Words> signs_as(pkcs11::Session& session, pkcs11::ObjectHandle key,
                                            const crypto::PublicKey& public_key,
                                            std::string_view what);

// Derives a secret in the token with a throw-away key of the host and compares what both compute
// with it (PKCS#11 "CKM_ECDH1_DERIVE"). Errors kToken with the CKR.
[[nodiscard]] bool agrees_as(pkcs11::Session& session, pkcs11::ObjectHandle key,
                             const crypto::PublicKey& public_key, std::string_view what);

// Whether the private key shows by what it does that this is its public half: by a signature, an
// agreement or, RSA, a decryption (OAEP). False also when it may do none of these, or the token
// refuses. Errors kToken with the CKR of an answer that is not a refusal.
[[nodiscard]] bool proves_by_use(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                                 const crypto::PublicKey& public_key);

// RSA: by the modulus and exponent that the private key itself holds, and where it holds no
// exponent by use too; curves: by a signature or an agreement, as
// `usage` allows. Errors kToken "public-half-differs"; "public-half-not-tried" when the key may do
// nothing that shows it; with the CKR when the token refuses. `name` is the private key's.
void require_public_half(pkcs11::Session& session, pkcs11::ObjectHandle key, KeyUsage usage,
                         const crypto::PublicKey& public_key, const std::string& name);

}  // namespace keyrite::act
