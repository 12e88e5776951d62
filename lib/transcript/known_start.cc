// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/known_start.h"

#include <optional>

#include "base/error.h"
#include "base/presence.h"
#include "transcript/checkpoint.h"
#include "transcript/internal/decided_file.h"
#include "transcript/internal/frontier.h"
#include "transcript/internal/proof_along.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

// nullopt: nothing was signed yet, or not by this key.
std::optional<TreeHead> signed_head(const std::string& folder, const NoteKey& key) {
  const auto path = checkpoint_of(folder);
  if (!is_there(path)) return std::nullopt;
  try {
    const auto published = read_checkpoint(path);
    (void)verify_checkpoint(published, {key}, path);
    return published.checkpoint.head;
  } catch (const Error& error) {
    if (error.kind() != Kind::kVerification) throw;
    return std::nullopt;
  }
}

// Of the frontier's entry and what is behind it; without one of all entries.
bool read_from(const std::string& folder, const NoteKey& key,
               const std::optional<BelievedFrontier>& believed,
               const std::function<void(std::uint64_t, std::string_view)>& take) {
  // Behind the frontier, which would be newer than a checkpoint that was read before it.
  const auto head = signed_head(folder, key);
  const TreeHead signed_alike = head.value_or(TreeHead{});
  ProofAlong proof(believed, signed_alike);
  read_log(
      log_of(folder),
      [&](std::uint64_t index, std::string_view line) {
        (void)proof.take(index, line);
        take(index, line);
        return true;
      },
      believed ? believed->frontier.start : LogStart{});
  return head && proof.is_proven();
}

}  // namespace

LogStart known_start(const std::string& folder, const NoteKey& key) {
  const auto believed = believed_frontier(folder, key, Believer::kReader);
  return believed ? believed->frontier.start : LogStart{};
}

bool read_decisions(const std::string& folder, const NoteKey& key,
                    const std::function<void(std::uint64_t, std::string_view)>& take) {
  auto believed = believed_frontier(folder, key, Believer::kReader);
  if (!believed) return read_from(folder, key, believed, take);
  const auto lines = decided_lines(folder, believed->decided);
  if (lines.size() != believed->decided.count) return read_all(folder, key, take);
  for (const auto& [index, line] : lines) take(index, line);
  return read_from(folder, key, believed, take);
}

bool read_all(const std::string& folder, const NoteKey& key,
              const std::function<void(std::uint64_t, std::string_view)>& take) {
  return read_from(folder, key, std::nullopt, take);
}

}  // namespace keyrite::transcript
