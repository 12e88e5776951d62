// dek wrap: data keys that exist, from a pipe, a descriptor or a file, wrapped in the token under
// the active version of a tenant's key. Their plaintext is in protected memory here, and what was
// wrapped is opened again in the token and compared with it. An act in parts, each of a thousand at
// most. One thread calls.
#pragma once

#include "act/act.h"
#include "dek/requests.h"

namespace keyrite::dek {

inline constexpr const char* kWrapAct = "dek-wrap";

// Errors: those of add_deks, open_kek and DataKeyIn; kUsage "dek-input-ambiguous",
// "secret-from-terminal", "dek-length"; kConfig "dek-key-invalid".
[[nodiscard]] act::Act wrap_deks(const WrapDeksRequest& request);

}  // namespace keyrite::dek
