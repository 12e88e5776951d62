// credential revoke: it is never opened again, since its data key is erased (a legal hold keeps the
// data key). What the service takes is changed at the service. An act on files; one thread.
#pragma once

#include "act/act.h"
#include "credential/requests.h"

namespace keyrite::credential {

inline constexpr const char* kRevokeAct = "credential-revoke";

// Errors of the act: those of credential_named; kUsage "name-invalid".
[[nodiscard]] act::Act revoke_credential(const RevokeRequest& request);

}  // namespace keyrite::credential
