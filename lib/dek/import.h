// dek import: data keys that a provider wrapped under the public half of a tenant's RSA key. The
// token opens each, so that what is recorded can be opened; no plaintext leaves it. An act in
// parts, each of a thousand at most. And dek wrapping-key: that public half, with the wraps that
// the token was found to open. One thread calls.
#pragma once

#include "act/act.h"
#include "dek/requests.h"

namespace keyrite::dek {

inline constexpr const char* kImportAct = "dek-import";
inline constexpr const char* kWrappingKeyAct = "dek-wrapping-key";

// Errors: those of add_deks and open_kek; kFailed "key-not-rsa"; kUsage "dek-input-ambiguous";
// kConfig "dek-record-invalid".
[[nodiscard]] act::Act import_deks(const ImportDeksRequest& request);

// Errors: those of new_dek_kek and open_kek; kFailed "key-not-rsa", "file-unwritable"; kUsage
// "output-exists".
[[nodiscard]] act::Act give_wrapping_key(const WrappingKeyRequest& request);

}  // namespace keyrite::dek
