#include "transcript/merkle.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <iterator>

#include "base/error.h"
#include "crypto/sha256.h"

namespace keyrite::transcript {

namespace {

constexpr std::array<std::uint8_t, 1> kLeafPrefix{0x00};
constexpr std::uint8_t kNodePrefix = 0x01;

[[noreturn]] void out_of_range() {
  throw Error(Kind::kInternal, "proof-range", "a proof was asked for outside the tree");
}

// The largest power of two below n; n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// RFC 6962 section 2.1.2, SUBPROOF(m, D[n], whole).
void subproof(Hasher& hasher, std::span<const Hash> leaves, std::uint64_t old_size, bool whole,
              Proof& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(root_of(hasher, leaves));
    return;
  }
  const std::uint64_t k = split(leaves.size());
  if (old_size <= k) {
    subproof(hasher, leaves.first(k), old_size, whole, proof);
    proof.push_back(root_of(hasher, leaves.subspan(k)));
  } else {
    subproof(hasher, leaves.subspan(k), old_size - k, false, proof);
    proof.push_back(root_of(hasher, leaves.first(k)));
  }
}

// The two walks of RFC 9162 section 2.1.4.2 and, for one leaf, of 2.1.3.2: `fn` and `sn` are the
// positions of the older part's and the newer tree's last node on the level at hand.
struct Walk {
  std::uint64_t fn{};
  std::uint64_t sn{};
  // Goes one level up; true when the proof's node stands to the left.
  bool left_sibling() {
    const bool left = (fn & 1U) != 0 || fn == sn;
    if (left) {
      while (fn != 0 && (fn & 1U) == 0) shift();
    }
    shift();
    return left;
  }
  void shift() {
    fn >>= 1U;
    sn >>= 1U;
  }
};

}  // namespace

struct Hasher::State {
  crypto::Sha256 digest{};
  std::array<std::uint8_t, 65> node{kNodePrefix};
};

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;

Hash Hasher::leaf(ByteView entry) {
  state_->digest.update(kLeafPrefix);
  state_->digest.update(entry);
  return state_->digest.finish();
}

Hash Hasher::node(const Hash& left, const Hash& right) {
  // In one piece: a call of OpenSSL costs as much as a block.
  auto& text = state_->node;
  std::copy(left.begin(), left.end(), text.begin() + 1);
  std::copy(right.begin(), right.end(), text.begin() + 1 + left.size());
  state_->digest.update(text);
  return state_->digest.finish();
}

Hash Hasher::empty() { return state_->digest.finish(); }

void Tree::append_subtree(const Hash& root, unsigned height) {
  if (size_ % (std::uint64_t{1} << height) != 0) out_of_range();
  Hash subtree = root;
  joined_.clear();
  // As a binary counter carries: each trailing one bit of the size is a subtree of equal height.
  for (std::uint64_t carry = size_ >> height; (carry & 1U) != 0; carry >>= 1U) {
    subtree = hasher_.node(complete_.back(), subtree);
    joined_.push_back(complete_.back());
    complete_.pop_back();
  }
  complete_.push_back(subtree);
  size_ += std::uint64_t{1} << height;
}

Hash Tree::root() const {
  if (complete_.empty()) return hasher_.empty();
  Hash root = complete_.back();
  for (auto left = complete_.rbegin() + 1; left != complete_.rend(); ++left) {
    root = hasher_.node(*left, root);
  }
  return root;
}

// On the way up the last leaf has left siblings only: first those that it was joined to, then the
// peaks before its own, from right to left.
Proof Tree::last_path() const {
  Proof path = joined_;
  if (!complete_.empty()) path.insert(path.end(), complete_.rbegin() + 1, complete_.rend());
  return path;
}

bool Tree::continue_from(std::uint64_t size, const Hash& last_leaf, const Proof& path) {
  if (size == 0) return false;
  const auto joined = static_cast<std::size_t>(std::countr_zero(size));
  if (path.size() != joined + static_cast<std::size_t>(std::popcount(size)) - 1) return false;
  const auto peaks = path.begin() + static_cast<std::ptrdiff_t>(joined);
  joined_.assign(path.begin(), peaks);
  Hash subtree = last_leaf;
  for (const Hash& left : joined_) subtree = hasher_.node(left, subtree);
  complete_.assign(std::make_reverse_iterator(path.end()), std::make_reverse_iterator(peaks));
  complete_.push_back(subtree);
  size_ = size;
  return true;
}

Hash root_of(Hasher& hasher, std::span<const Hash> leaves) {
  Tree tree(hasher);
  for (const Hash& leaf : leaves) tree.append(leaf);
  return tree.root();
}

Proof inclusion_proof(Hasher& hasher, std::span<const Hash> leaves, std::uint64_t index) {
  if (index >= leaves.size()) out_of_range();
  Proof proof;
  while (leaves.size() > 1) {
    const std::uint64_t k = split(leaves.size());
    const bool left = index < k;
    proof.push_back(root_of(hasher, left ? leaves.subspan(k) : leaves.first(k)));
    leaves = left ? leaves.first(k) : leaves.subspan(k);
    index -= left ? 0 : k;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Proof consistency_proof(Hasher& hasher, std::span<const Hash> leaves, std::uint64_t old_size) {
  if (old_size > leaves.size()) out_of_range();
  Proof proof;
  if (old_size != 0 && old_size != leaves.size()) subproof(hasher, leaves, old_size, true, proof);
  return proof;
}

bool verifies_inclusion(Hasher& hasher, std::uint64_t index, std::uint64_t size, const Hash& leaf,
                        std::span<const Hash> proof, const Hash& root) {
  if (index >= size) return false;
  Walk walk{.fn = index, .sn = size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (walk.sn == 0) return false;
    hash = walk.left_sibling() ? hasher.node(sibling, hash) : hasher.node(hash, sibling);
  }
  return walk.sn == 0 && hash == root;
}

bool verifies_consistency(Hasher& hasher, const TreeHead& older, const TreeHead& newer,
                          std::span<const Hash> proof) {
  if (older.size == 0 || older.size > newer.size) return false;
  if (older.size == newer.size) return older.root == newer.root && proof.empty();
  if (proof.empty()) return false;
  Walk walk{.fn = older.size - 1, .sn = newer.size - 1};
  while ((walk.fn & 1U) != 0) walk.shift();
  // A whole older tree is its own first node, and is not repeated in the proof.
  const bool whole = std::has_single_bit(older.size);
  Hash first = whole ? older.root : proof.front();
  Hash second = first;
  for (const Hash& node : proof.subspan(whole ? 0 : 1)) {
    if (walk.sn == 0) return false;
    if (walk.left_sibling()) {
      first = hasher.node(node, first);
      second = hasher.node(node, second);
    } else {
      second = hasher.node(second, node);
    }
  }
  return walk.sn == 0 && first == older.root && second == newer.root;
}

std::optional<Hash> hash_of(ByteView bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

}  // namespace keyrite::transcript
