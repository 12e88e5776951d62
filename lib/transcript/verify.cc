#include "transcript/verify.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "transcript/entry.h"
#include "transcript/internal/hashed_log.h"
#include "transcript/internal/history_check.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kCompareHint =
    "keep all files as they are, and compare them with copies kept elsewhere: somebody changed the "
    "log";

[[noreturn]] void truncated(std::uint64_t entries, std::uint64_t size) {
  throw Error(Kind::kVerification, "log-truncated",
              fmt::format("the log has {}, the checkpoint signs {}: entries {} to {} are "
                          "missing",
                          counted_entries(entries), size, entries, size - 1),
              kCompareHint);
}

// The roots that a log has at some sizes, which grow.
struct Roots {
  std::vector<Hash> at{};
  LogEnd end{};
  std::optional<std::uint64_t> wrong_history{};  // of the first entry that has one
};

// Reads what a log has up to the last of some sizes, which grow.
class RootsRead {
 public:
  using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

  RootsRead(const std::vector<std::uint64_t>& sizes, const EntryReader& read,
            const Progress& progress)
      : sizes_(sizes), read_(read), progress_(progress) {
    note();
  }

  [[nodiscard]] Roots of(const std::string& log) {
    roots_.end =
        read_hashed_log(log, sizes_.back(), [this](const HashedBlock& block) { take(block); });
    roots_.wrong_history = histories_.wrong();
    return std::move(roots_);
  }

 private:
  void take(const HashedBlock& block) {
    if (progress_) progress_(block.first + block.count(), sizes_.back());
    for (std::size_t i = 0; i < block.count(); ++i) {
      histories_.take(block.entry(i), block.heads[i]);
      if (read_) {
        read_({.index = block.first + i,
               .line = block.entry(i),
               .leaf = block.leaves[i],
               .head = block.heads[i]});
      }
    }
    // At once, unless a root within it is asked for.
    const std::uint64_t next = sizes_[roots_.at.size()];
    if (block.subtree && next >= tree_.size() + block.count()) {
      tree_.append_subtree(*block.subtree, kBlockHeight);
      note();
      return;
    }
    for (const Hash& leaf : block.leaves) {
      tree_.append(leaf);
      note();
    }
  }

  void note() {
    while (roots_.at.size() < sizes_.size() && sizes_[roots_.at.size()] == tree_.size())
      roots_.at.push_back(tree_.root());
  }

  const std::vector<std::uint64_t>& sizes_;
  const EntryReader& read_;
  const Progress& progress_;
  Hasher hasher_{};
  Tree tree_{hasher_};
  HistoryCheck histories_{};
  Roots roots_{};
};

// Of two wrong roots in a row one is told by its entry: each names the one before it.
std::string where_changed(const std::string& log, std::uint64_t size) {
  if (size == 0)
    return "the checkpoint signs an empty log, and its root is not that of an empty log";
  Hasher hasher;
  std::optional<Hash> prev;
  try {
    (void)read_log(log, [&](std::uint64_t index, std::string_view line) {
      if (index == size) return false;
      (void)parse_entry(line, {.seq = index, .prev = prev});
      prev = hasher.leaf(as_bytes(line));
      return true;
    });
  } catch (const Error& error) {
    if (error.kind() != Kind::kVerification) throw;
    return error.message();
  }
  return fmt::format(
      "the entries agree with each other, so somebody rewrote entry {}, or all entries from an "
      "earlier one on",
      size - 1);
}

[[noreturn]] void changed(const std::string& log, const Checkpoint& checkpoint) {
  throw Error(
      Kind::kVerification, "log-changed",
      fmt::format("the log is not the one that the checkpoint of {} signs: {}",
                  counted_entries(checkpoint.head.size), where_changed(log, checkpoint.head.size)),
      kCompareHint);
}

[[noreturn]] void forked(const std::string& log, const Checkpoint& from) {
  throw Error(Kind::kVerification, "log-forked",
              fmt::format("the log is signed, but its first {} entries are not those that the "
                          "earlier checkpoint signs. There are two histories: {}",
                          from.head.size, where_changed(log, from.head.size)),
              kCompareHint);
}

[[noreturn]] void other_history(std::uint64_t index) {
  throw Error(Kind::kVerification, "entry-history-wrong",
              fmt::format("the log is signed, but entry {} has the \"{}\" of another log than what "
                          "is before it",
                          index, kHistorySha256),
              "find out which program wrote the entry: keyrite writes no such entry, and whoever "
              "continued the log from it may have believed what it says");
}

void check_from(const Checkpoint& from, const Checkpoint& now) {
  if (from.head.size <= now.head.size) return;
  throw Error(Kind::kVerification, "log-shrunk",
              fmt::format("the checkpoint signs {}, and the earlier one {}: the log was "
                          "rolled back (restored from a backup?)",
                          counted_entries(now.head.size), from.head.size),
              kCompareHint);
}

}  // namespace

Verified verify(const VerifyRequest& request, const EntryReader& read) {
  const SignedCheckpoint now = read_checkpoint(request.checkpoint);
  Verified verified{.checkpoint = now.checkpoint,
                    .signatures = verify_checkpoint(now, request.keys, request.checkpoint)};
  std::vector<std::uint64_t> sizes;
  if (request.from) {
    const SignedCheckpoint from = read_checkpoint(*request.from);
    (void)verify_checkpoint(from, request.keys, *request.from);
    check_from(from.checkpoint, now.checkpoint);
    verified.from = from.checkpoint;
    sizes.push_back(from.checkpoint.head.size);
  }
  sizes.push_back(now.checkpoint.head.size);
  const Roots roots = RootsRead(sizes, read, request.progress).of(request.log);
  if (roots.end.entries < sizes.back()) truncated(roots.end.entries, sizes.back());
  if (roots.at.back() != now.checkpoint.head.root) changed(request.log, now.checkpoint);
  if (verified.from && roots.at.front() != verified.from->head.root)
    forked(request.log, *verified.from);
  if (roots.wrong_history) other_history(*roots.wrong_history);
  verified.unsigned_entries = roots.end.entries - sizes.back();
  verified.torn_bytes = roots.end.torn.size();
  return verified;
}

Json Verified::to_json() const {
  Json json{{"verdict", "verified"},
            {"origin", checkpoint.origin},
            {"size", checkpoint.head.size},
            {"root", to_hex(checkpoint.head.root)},
            {"verified_by", signatures.verified},
            {"unknown_signatures", signatures.unknown},
            {"unsigned_entries", unsigned_entries},
            {"torn_bytes", torn_bytes}};
  json["from_size"] = from ? Json(from->head.size) : Json(nullptr);
  return json;
}

}  // namespace keyrite::transcript
