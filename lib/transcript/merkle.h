// The tree of the transcript: RFC 6962 section 2.1 (the same hashing as RFC 9162 section 2.1.1),
// over SHA-256. Tree keeps one hash per level, so a log of any length costs no memory; proofs are
// made from all leaf hashes. Values and pure functions; one Tree, one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace keyrite::transcript {

using Hash = std::array<std::uint8_t, 32>;
using Proof = std::vector<Hash>;

// Hashes leaves and nodes; holds one hash context, which is what makes it fast. One thread.
class Hasher {
 public:
  Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher();
  [[nodiscard]] Hash leaf(ByteView entry);                       // SHA-256(0x00 || entry)
  [[nodiscard]] Hash node(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
  [[nodiscard]] Hash empty();                                    // SHA-256 of nothing

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A tree that only grows. root() of no leaves is SHA-256 of nothing.
class Tree {
 public:
  explicit Tree(Hasher& hasher) : hasher_(hasher) {}
  void append(const Hash& leaf) { append_subtree(leaf, 0); }
  // 2^height leaves at once, whose root it is. Error kInternal "proof-range" where the size is not
  // a multiple of that.
  void append_subtree(const Hash& root, unsigned height);
  // Becomes a tree of `size` leaves, of which only the last one and its inclusion path are known:
  // root() is then what the path leads to. False, and unchanged, when the path has another length
  // than that of such a leaf.
  [[nodiscard]] bool continue_from(std::uint64_t size, const Hash& last_leaf, const Proof& path);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;
  // The inclusion path of what was added last, which holds the peaks of the tree. Empty without
  // leaves.
  [[nodiscard]] Proof last_path() const;

 private:
  Hasher& hasher_;
  std::uint64_t size_{0};
  std::vector<Hash> complete_{};  // roots of complete subtrees, largest first: the bits of size_
  Proof joined_{};                // which of them the last leaf was joined to
};

[[nodiscard]] Hash root_of(Hasher& hasher, std::span<const Hash> leaves);

// RFC 6962 section 2.1.1: the sibling of the leaf first, a child of the root last. Error kInternal
// "proof-range" when index >= leaves.size().
[[nodiscard]] Proof inclusion_proof(Hasher& hasher, std::span<const Hash> leaves,
                                    std::uint64_t index);
// RFC 6962 section 2.1.2: from the first `old_size` leaves to all. Empty for the same size and for
// 0. Error kInternal "proof-range" when old_size > leaves.size().
[[nodiscard]] Proof consistency_proof(Hasher& hasher, std::span<const Hash> leaves,
                                      std::uint64_t old_size);

// RFC 9162 section 2.1.3.2. False for anything that does not prove it, impossible sizes and proofs
// of the wrong length among them.
[[nodiscard]] bool verifies_inclusion(Hasher& hasher, std::uint64_t index, std::uint64_t size,
                                      const Hash& leaf, std::span<const Hash> proof,
                                      const Hash& root);

struct TreeHead {
  std::uint64_t size{};
  Hash root{};
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};
// RFC 9162 section 2.1.4.2. Of two heads of one size the roots must be equal and the proof empty.
// False from the empty tree: that would prove nothing.
[[nodiscard]] bool verifies_consistency(Hasher& hasher, const TreeHead& older,
                                        const TreeHead& newer, std::span<const Hash> proof);

// Exactly 32 bytes; nullopt otherwise.
[[nodiscard]] std::optional<Hash> hash_of(ByteView bytes);

}  // namespace keyrite::transcript
