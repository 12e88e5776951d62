// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/known_start.h"

#include "transcript/internal/decided_file.h"
#include "transcript/internal/frontier.h"

namespace keyrite::transcript {

LogStart known_start(const std::string& folder, const NoteKey& key) {
  const auto believed = believed_frontier(folder, key, Believer::kReader);
  return believed ? believed->frontier.start : LogStart{};
}

KnownDecisions known_decisions(const std::string& folder, const NoteKey& key) {
  const auto believed = believed_frontier(folder, key, Believer::kReader);
  if (!believed) return {};
  KnownDecisions known{.entries = decided_lines(folder, believed->decided)};
  if (known.entries.size() == believed->decided.count) known.rest = believed->frontier.start;
  return known;
}

}  // namespace keyrite::transcript
