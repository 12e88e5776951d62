// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The ceremonies of a log that was verified: read once, as it is verified. Internal to the papers
// and to verify-ceremony; reads files; one thread.
#pragma once

#include <vector>

#include "audit/transcript_source.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"

namespace keyrite::ceremony {

struct VerifiedStories {
  audit::AuditedTranscript audited{};
  std::vector<Story> stories{};
};
// Vouched for by the key of `source` that has the log's name. Errors: those of audit::audit;
// kVerification "note-unsigned": no key has that name.
[[nodiscard]] VerifiedStories verified_stories(const audit::TranscriptSource& source);

// The files beside this log.
[[nodiscard]] ReadEvidence evidence_of(const audit::TranscriptSource& source);

}  // namespace keyrite::ceremony
