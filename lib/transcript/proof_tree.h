// A whole tree in memory, 64 bytes per entry, from which many proofs are read: inclusion_proof
// (merkle.h) hashes the tree anew for each, this looks its hashes up. Value type; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "transcript/merkle.h"

namespace keyrite::transcript {

class ProofTree {
 public:
  ProofTree(Hasher& hasher, std::vector<Hash> leaves);
  [[nodiscard]] std::uint64_t size() const { return levels_.front().size(); }
  // SHA-256 of nothing for an empty tree.
  [[nodiscard]] Hash root() const { return root_; }
  // As inclusion_proof. Error kInternal "proof-range" when index >= size().
  [[nodiscard]] Proof inclusion(std::uint64_t index) const;

 private:
  std::vector<std::vector<Hash>> levels_;  // leaves first, the root's level last
  Hash root_{};
};

}  // namespace keyrite::transcript
