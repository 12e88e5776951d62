// dek issue: data keys made in the token and wrapped under the active version of a tenant's key.
// Their rows are in the registry before the log tells of them, and the records leave keyrite when
// the log does: a data key that somebody has is one that rotation and shredding know of. An act in
// parts, each of a thousand at most. One thread calls.
#pragma once

#include "act/act.h"
#include "dek/requests.h"

namespace keyrite::dek {

inline constexpr const char* kIssueAct = "dek-issue";

// An act that fails leaves the parts before as they are, and their records in the file. Errors
// kUsage "dek-bytes", "dek-count", "dek-jobs", "name-invalid", "output-exists"; those of
// tenant_key, require_active and active_kek, open_kek and make_data_key; kFailed "file-unwritable",
// "deks-interrupted"; after the log has it: kUnknownOutcome "deks-not-given-out".
[[nodiscard]] act::Act issue_deks(const IssueRequest& request);

}  // namespace keyrite::dek
