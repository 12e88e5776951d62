#include "transcript/internal/loaded_log.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

namespace fs = std::filesystem;

Error with_drop_hint(const TailFault& fault) {
  return {fault.error.kind(), fault.error.code(), fault.error.message(),
          fmt::format("find out who wrote this unsigned entry; no act runs until then. keyrite "
                      "resume --drop-unsigned {} removes it and all entries after it, keeps them "
                      "as evidence, and logs their SHA-256",
                      fault.index)};
}

[[noreturn]] void refuse_drop(std::uint64_t index) {
  throw Error(Kind::kUsage, "entry-in-order",
              fmt::format("entry {} cannot be dropped: it is signed, or nothing is wrong with it, "
                          "or it does not exist",
                          index),
              "give the number of the entry that keyrite refused");
}

[[noreturn]] void refuse_unaccepted(const std::vector<UnsignedEntry>& entries) {
  const std::uint64_t first = entries.front().index;
  throw Error(
      Kind::kVerification, "entry-unvouched",
      fmt::format("{} unsigned entries, from entry {} on, describe acts at the token, and the "
                  "log's key does not vouch for them. A killed version 0.1.0 leaves such entries; "
                  "so can anybody who can write the log",
                  entries.size(), first),
      fmt::format("read them with keyrite transcript show. If they are true: keyrite resume "
                  "--sign-unsigned {}. If not: keyrite resume --drop-unsigned {}",
                  entries.size(), first));
}

}  // namespace

LoadedLog::LoadedLog(std::string folder, NoteKey key)
    : tail(std::move(key), history,
           [this](const std::string& sha256) { return has_evidence(sha256); }),
      folder_(std::move(folder)) {}

void LoadedLog::read(const TreeHead& published, const TreeHead& kept,
                     const TailDecision& decision) {
  std::optional<Hash> at_published;
  std::optional<Hash> at_kept;
  const auto note = [&] {
    if (tree.size() == published.size) at_published = tree.root();
    if (tree.size() == kept.size) at_kept = tree.root();
  };
  note();
  read_entries(std::max(published.size, kept.size), decision, note);
  require_holds(published, at_published, "the checkpoint");
  require_holds(kept, at_kept, "the last signed checkpoint");
}

// Up to the end, or to what is not to be signed.
void LoadedLog::read_entries(std::uint64_t signed_size, const TailDecision& decision,
                             const std::function<void()>& note) {
  const auto take = [&](std::uint64_t index, std::string_view entry) {
    if (index < signed_size)
      history.take(index, entry);
    else if (!take_unsigned(index, entry, decision))
      return false;
    add(entry);
    note();
    ++end.entries;
    end.bytes += entry.size() + 1;
    return true;
  };
  try {
    LogEnd whole = read_log(log_of(folder_), take);
    if (!fault) end.torn = std::move(whole.torn);
  } catch (const Error& error) {
    // Of a line that cannot be an entry, behind what is signed.
    if (error.kind() != Kind::kVerification || tree.size() < signed_size) throw;
    fault = TailFault{.index = tree.size(), .error = error};
  }
}

bool LoadedLog::has_evidence(const std::string& sha256) const {
  const fs::path path = fs::path(folder_) / kEvidenceName / sha256;
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored)) &&
         crypto::sha256_file_hex(path) == sha256;
}

bool LoadedLog::take_unsigned(std::uint64_t index, std::string_view entry,
                              const TailDecision& decision) {
  const bool to_drop = decision.drop_from == index;
  try {
    tail.take(entry, {.seq = index, .prev = prev}, to_drop);
  } catch (const Error& error) {
    fault = TailFault{.index = index, .error = error};
    return false;
  }
  if (to_drop) refuse_drop(index);
  return true;
}

std::vector<UnsignedEntry> LoadedLog::require_decided(const TailDecision& decision) const {
  if (fault && decision.drop_from != fault->index) throw with_drop_hint(*fault);
  if (!fault && decision.drop_from) refuse_drop(*decision.drop_from);
  if (!tail.to_accept().empty() && (!decision.accept || !decision.accept(tail.to_accept())))
    refuse_unaccepted(tail.to_accept());
  return tail.to_accept();
}

void LoadedLog::require_holds(const TreeHead& head, const std::optional<Hash>& root,
                              const char* what) const {
  if (!root) {
    throw Error(Kind::kVerification, "log-set-back",
                fmt::format("the log has {} entries, and {} signs {}: the log was rolled back "
                            "(restored from a backup?)",
                            tree.size(), what, head.size),
                kStopHint);
  }
  if (*root != head.root) {
    throw Error(
        Kind::kVerification, "log-changed",
        fmt::format(
            "the first {} entries of the log are not those that {} signs: somebody changed the log",
            head.size, what),
        kStopHint);
  }
}

void LoadedLog::add(std::string_view entry) {
  prev = hasher.leaf(as_bytes(entry));
  tree.append(*prev);
  last_entry_bytes = entry.size();
}

}  // namespace keyrite::transcript
