// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/signed_from.h"

#include <optional>

#include "base/bytes.h"
#include "transcript/entry_head.h"
#include "transcript/internal/frontier.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

// The chain up to the frontier's entry, and the tree from there on.
class ProofAlong {
 public:
  ProofAlong(const BelievedFrontier& frontier, const TreeHead& head)
      : frontier_(frontier), head_(head) {}

  // False: it is not what was signed.
  [[nodiscard]] bool take(std::uint64_t index, std::string_view line) {
    if (index >= head_.size) return true;
    const Hash leaf = hasher_.leaf(as_bytes(line));
    const std::uint64_t last = frontier_.frontier.start.entries;
    if (index > last) {
      tree_.append(leaf);
      return true;
    }
    if (prev_ && !names(line, *prev_)) return false;
    prev_ = leaf;
    return index < last ||
           (leaf == frontier_.leaf &&
            tree_.continue_from(frontier_.frontier.head.size, leaf, frontier_.frontier.path));
  }
  [[nodiscard]] bool is_proven() const {
    return tree_.size() == head_.size && tree_.root() == head_.root;
  }

 private:
  static bool names(std::string_view line, const Hash& prev) {
    const auto head = entry_head(line);
    return head && head->prev == to_hex(prev);
  }

  const BelievedFrontier& frontier_;
  const TreeHead& head_;
  Hasher hasher_{};
  Tree tree_{hasher_};
  std::optional<Hash> prev_{};
};

}  // namespace

bool read_signed_from(const std::string& folder, const NoteKey& key, const FoundEntry& from,
                      const TreeHead& head,
                      const std::function<void(std::uint64_t, std::string_view)>& take) {
  const auto believed = believed_frontier(folder, key, Believer::kReader);
  if (!believed || believed->frontier.head.size > head.size) return false;
  const LogStart& known = believed->frontier.start;
  ProofAlong proof(*believed, head);
  bool holds = true;
  read_log(
      log_of(folder),
      [&](std::uint64_t index, std::string_view line) {
        holds = proof.take(index, line);
        if (holds && index >= from.start.entries) take(index, line);
        return holds;
      },
      from.start.entries < known.entries ? from.start : known);
  return holds && proof.is_proven();
}

}  // namespace keyrite::transcript
