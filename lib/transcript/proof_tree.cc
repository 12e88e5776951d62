#include "transcript/proof_tree.h"

#include "base/error.h"

namespace keyrite::transcript {

ProofTree::ProofTree(Hasher& hasher, std::vector<Hash> leaves) : levels_{std::move(leaves)} {
  while (levels_.back().size() > 1) {
    const auto& below = levels_.back();
    std::vector<Hash> level;
    level.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      level.push_back(hasher.node(below[i], below[i + 1]));
    // An odd last node goes up unchanged.
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels_.push_back(std::move(level));
  }
  root_ = levels_.back().empty() ? hasher.empty() : levels_.back().front();
}

Proof ProofTree::inclusion(std::uint64_t index) const {
  if (index >= size())
    throw Error(Kind::kInternal, "proof-range", "a proof was asked for outside the tree");
  Proof proof;
  for (const auto& level : levels_) {
    const std::uint64_t sibling = index ^ 1U;
    if (sibling < level.size()) proof.push_back(level[sibling]);
    index >>= 1U;
  }
  return proof;
}

}  // namespace keyrite::transcript
