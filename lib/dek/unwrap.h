// dek unwrap: the plaintext of data keys, for the service that they belong to, or the same wrapped
// under a recipient's RSA key. Which, why and by whom is in the log before anybody has a byte; each
// tenant's unwraps are counted by the hour. Plaintext goes to a pipe or a new file that was asked
// for by name, never to a terminal, and stays in protected memory here. A record that does not open
// is told in its line, and the others go on. An act in parts, each of a thousand at most. One
// thread calls.
#pragma once

#include "act/act.h"
#include "dek/requests.h"

namespace keyrite::dek {

inline constexpr const char* kUnwrapAct = "dek-unwrap";

// Errors kUsage "dek-none-given", "dek-jobs", "not-a-pipe" (of descriptor 1, where no file is
// named), "recipient-not-rsa"; those of GrowingFile, RecordSource and PublicKey, tenant_key,
// open_kek, DataKeyOut and DataKeyRecipient; kToken "token-ill"; kFailed "deks-interrupted"; after
// the log has it: kUnknownOutcome "deks-not-given-out". What is wrong with those that were not
// opened is the act's finding: kFailed "dek-other-tenant", "dek-of-credential", "dek-expired",
// "dek-gone", "dek-record-needed", "version-not-opening"; kUsage "dek-unknown"; kVerification
// "dek-other-bytes", "dek-record-differs", "data-key-record-bad"; of several kVerification
// "deks-suspect" where one of them is of that kind, else kFailed "deks-not-opened".
[[nodiscard]] act::Act unwrap_deks(const UnwrapRequest& request);

}  // namespace keyrite::dek
