// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/proof_along.h"

#include "base/bytes.h"
#include "transcript/entry_head.h"

namespace keyrite::transcript {

namespace {

bool names(std::string_view line, const Hash& prev) {
  const auto head = entry_head(line);
  return head && head->prev == to_hex(prev);
}

}  // namespace

bool ProofAlong::take(std::uint64_t index, std::string_view line) {
  holds_ = holds_ && (index >= head_.size || fits(index, line));
  return holds_;
}

bool ProofAlong::fits(std::uint64_t index, std::string_view line) {
  const Hash leaf = hasher_.leaf(as_bytes(line));
  const std::uint64_t last = frontier_ ? frontier_->frontier.start.entries : 0;
  if (!frontier_ || index > last) {
    tree_.append(leaf);
    return true;
  }
  if (prev_ && !names(line, *prev_)) return false;
  prev_ = leaf;
  return index < last ||
         (leaf == frontier_->leaf &&
          tree_.continue_from(frontier_->frontier.head.size, leaf, frontier_->frontier.path));
}

}  // namespace keyrite::transcript
