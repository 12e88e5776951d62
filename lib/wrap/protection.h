// Whether a token keeps what its attributes promise. Some store CKA_WRAP_WITH_TRUSTED and ignore
// it, or wrap keys that are not extractable; keyrite claims a protection only after it saw the
// token enforce it: only a refusal counts, and only if the token wraps a key without the
// protection. The test uses throw-away keys, all of them session objects. Error "not-found-out" of
// pkcs11::find_out if the token fails twice for a reason of its own. One session, one thread.
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
