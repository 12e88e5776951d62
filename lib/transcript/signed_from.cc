// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/signed_from.h"

#include "transcript/internal/frontier.h"
#include "transcript/internal/proof_along.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

bool read_signed_from(const std::string& folder, const NoteKey& key, const FoundEntry& from,
                      const TreeHead& head,
                      const std::function<void(std::uint64_t, std::string_view)>& take) {
  const auto believed = believed_frontier(folder, key, Believer::kReader);
  if (!believed || believed->frontier.head.size > head.size) return false;
  const LogStart& known = believed->frontier.start;
  ProofAlong proof(believed, head);
  read_log(
      log_of(folder),
      [&](std::uint64_t index, std::string_view line) {
        const bool holds = proof.take(index, line);
        if (holds && index >= from.start.entries) take(index, line);
        return holds;
      },
      from.start.entries < known.entries ? from.start : known);
  return proof.is_proven();
}

}  // namespace keyrite::transcript
