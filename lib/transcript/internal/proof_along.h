// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether the entries that a reader sees are those that a checkpoint signs: by the chain up to the
// frontier's entry, and by the tree from there on; without a frontier by the tree of all. One log
// being read, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "transcript/internal/frontier.h"
#include "transcript/merkle.h"

namespace keyrite::transcript {

class ProofAlong {
 public:
  // Both outlive this.
  ProofAlong(const std::optional<BelievedFrontier>& frontier, const TreeHead& head)
      : frontier_(frontier), head_(head) {}

  // The entries in their order, from the frontier's at the latest. False, then and from then on: it
  // is not what was signed.
  bool take(std::uint64_t index, std::string_view line);
  // Of all entries up to the head, which were taken.
  [[nodiscard]] bool is_proven() const {
    return holds_ && tree_.size() == head_.size && tree_.root() == head_.root;
  }

 private:
  [[nodiscard]] bool fits(std::uint64_t index, std::string_view line);

  const std::optional<BelievedFrontier>& frontier_;
  const TreeHead& head_;
  Hasher hasher_{};
  Tree tree_{hasher_};
  std::optional<Hash> prev_{};
  bool holds_{true};
};

}  // namespace keyrite::transcript
