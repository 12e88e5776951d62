// credential seal and rotate: an API credential that a customer supplies to a service, sealed in
// the token under a data key of its own, which is wrapped under the active version of the tenant's
// key. Its row is in the registry before the log tells of it. Acts at the token; one thread.
#pragma once

#include "act/act.h"
#include "credential/requests.h"

namespace keyrite::credential {

inline constexpr const char* kSealAct = "credential-seal";
inline constexpr const char* kRotateAct = "credential-rotate";

// A new one. The secret is read when the act is prepared. Errors of the act: those of read_secret,
// tenant_named, key_named, require_active, active_kek and sealed_row; kFailed "credential-exists";
// kUsage "name-invalid", "credential-over" (expires or rotate-by in the past).
[[nodiscard]] act::Act seal_credential(const SealRequest& request);

// A new secret of one that there is, under the active version of the key that it was sealed under.
// The earlier secret is erased. Scope and owner stay where they are not given; the times are those
// of the new secret. Errors of the act: as above; those of credential_named; kFailed "legal-hold",
// "registry-row-changed".
[[nodiscard]] act::Act rotate_credential(const RotateRequest& request);

}  // namespace keyrite::credential
