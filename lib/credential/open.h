// credential open: the secret, for the service that it belongs to. Which, why and by whom is in the
// log before anybody has a byte of it; it counts as an unwrap of the tenant. It goes to a pipe or a
// new file that was asked for by name, never to a terminal. An act at the token; one thread.
#pragma once

#include "act/act.h"
#include "credential/requests.h"

namespace keyrite::credential {

inline constexpr const char* kOpenAct = "credential-open";

// Errors kUsage "not-a-pipe" (of descriptor 1, where no file is named), "output-exists". Of the
// act: those of credential_named, kek_on_record for a service, open_kek and opened_row; kFailed
// "credential-expired", "credential-erased"; after the log has it: kUnknownOutcome
// "credential-not-given-out".
[[nodiscard]] act::Act open_credential(const OpenRequest& request);

}  // namespace keyrite::credential
