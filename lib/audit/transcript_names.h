// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The names behind the pseudonyms of a log, for whoever has the site: an export has none. Reads the
// registry; one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/transcript_source.h"

namespace keyrite::audit {

struct ShownEntry;  // audit/show_transcript.h

struct TranscriptNames {
  std::map<std::string, std::string> by_word{};  // a pseudonym, or the CKA_ID beside it
  std::string why_not{};  // why there are none, as a sentence; empty: there are, or no site is here
};

// Of the keys that these entries are about. A registry that cannot be read is no reason to show no
// log: `why_not` says so.
[[nodiscard]] TranscriptNames names_of(const TranscriptSource& source,
                                       const std::vector<ShownEntry>& entries);

}  // namespace keyrite::audit
