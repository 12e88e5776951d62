// Whether a token keeps what its attributes promise. Some store CKA_WRAP_WITH_TRUSTED and ignore
// it, or wrap keys that are not extractable; keyrite never claims a protection that was not seen to
// be enforced: only a refusal counts, and only beside a key without the protection that is wrapped.
// Tried with throw-away keys, session objects all. Error "not-found-out" of pkcs11::find_out when
// the token says, twice, that it is not well. One session, one thread.
#pragma once

#include <string_view>

#include "pkcs11/session.h"

namespace keyrite::wrap {

enum class Enforcement { kEnforced, kNotEnforced, kUnknown };
[[nodiscard]] std::string_view enforcement_name(
    Enforcement enforcement);  // "enforced", "stored, not enforced", ...

// Is a key with CKA_EXTRACTABLE=false refused by C_WrapKey? kUnknown when the token cannot wrap an
// extractable one either, so that a refusal proves nothing.
[[nodiscard]] Enforcement unextractable_stays(pkcs11::Session& session);

// Is a key with CKA_WRAP_WITH_TRUSTED=true refused under a wrapping key that nobody trusted?
[[nodiscard]] Enforcement untrusted_is_refused(pkcs11::Session& session);

}  // namespace keyrite::wrap
