#include "transcript/verify.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kCompareHint =
    "keep all files as they are, and compare them with copies kept elsewhere: somebody changed the "
    "log";

[[noreturn]] void truncated(std::uint64_t entries, std::uint64_t size) {
  throw Error(Kind::kVerification, "log-truncated",
              fmt::format("the log has {} entries, the checkpoint signs {}: entries {} to {} are "
                          "missing",
                          entries, size, entries, size - 1),
              kCompareHint);
}

// The roots that a log has at some sizes, which grow.
struct Roots {
  std::vector<Hash> at{};
  LogEnd end{};
};

Roots roots_at(const std::string& log, const std::vector<std::uint64_t>& sizes,
               const EntryReader& read) {
  Hasher hasher;
  Tree tree(hasher);
  Roots roots;
  const auto note = [&] {
    while (roots.at.size() < sizes.size() && sizes[roots.at.size()] == tree.size())
      roots.at.push_back(tree.root());
  };
  note();
  roots.end = read_log(log, [&](std::uint64_t index, std::string_view entry) {
    if (roots.at.size() == sizes.size()) return true;  // counted only
    const Hash leaf = hasher.leaf(as_bytes(entry));
    if (read) read(index, entry, leaf);
    tree.append(leaf);
    note();
    return true;
  });
  return roots;
}

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
  throw Error(Kind::kVerification, "log-changed",
              fmt::format("the log is not the one that the checkpoint of {} entries signs: {}",
                          checkpoint.head.size, where_changed(log, checkpoint.head.size)),
              kCompareHint);
}

[[noreturn]] void forked(const std::string& log, const Checkpoint& from) {
  throw Error(Kind::kVerification, "log-forked",
              fmt::format("the log is signed, but its first {} entries are not those that the "
                          "earlier checkpoint signs. There are two histories: {}",
                          from.head.size, where_changed(log, from.head.size)),
              kCompareHint);
}

void check_from(const Checkpoint& from, const Checkpoint& now) {
  if (from.head.size <= now.head.size) return;
  throw Error(Kind::kVerification, "log-shrunk",
              fmt::format("the checkpoint signs {} entries, and the earlier one {}: the log was "
                          "rolled back (restored from a backup?)",
                          now.head.size, from.head.size),
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
  const Roots roots = roots_at(request.log, sizes, read);
  if (roots.end.entries < sizes.back()) truncated(roots.end.entries, sizes.back());
  if (roots.at.back() != now.checkpoint.head.root) changed(request.log, now.checkpoint);
  if (verified.from && roots.at.front() != verified.from->head.root)
    forked(request.log, *verified.from);
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
