// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// credential change: another owner answers for it. What is sealed stays as it is, so no token is
// asked. The owner is a name: the registry has it, and the log that it was changed. An act on
// files; one thread.
#pragma once

#include "act/act.h"
#include "credential/requests.h"

namespace keyrite::credential {

inline constexpr const char* kChangeAct = "credential-change";

// Errors of the act: those of credential_named; kUsage "name-invalid".
[[nodiscard]] act::Act change_credential(const ChangeRequest& request);

}  // namespace keyrite::credential
