#include "transcript/internal/loaded_log.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "transcript/internal/tail_refusal.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

namespace fs = std::filesystem;

}  // namespace

LoadedLog::LoadedLog(std::string folder, NoteKey key)
    : tail(key, history, [this](const std::string& sha256) { return has_evidence(sha256); }),
      key_(std::move(key)),
      folder_(std::move(folder)) {}

void LoadedLog::read(const TreeHead& published, const TreeHead& kept,
                     const TailDecision& decision) {
  std::optional<Hash> at_published;
  std::optional<Hash> at_kept;
  const auto note = [&] {
    if (tree.size() == published.size) at_published = tree.root();
    if (tree.size() == kept.size) at_kept = tree.root();
  };
  begin_at_frontier(std::min(published.size, kept.size));
  note();
  read_entries(std::max(published.size, kept.size), decision, note);
  require_holds(published, at_published, "the checkpoint");
  require_holds(kept, at_kept, "the last signed checkpoint");
}

// One that is newer than a checkpoint would leave that one unproven.
void LoadedLog::begin_at_frontier(std::uint64_t signed_size) {
  auto believed = believed_frontier(folder_, key_);
  if (!believed || believed->frontier.head.size > signed_size) return;
  if (!tree.continue_from(believed->frontier.head.size, believed->leaf, believed->frontier.path))
    return;
  prev = believed->leaf;
  last_entry_bytes = believed->frontier.line.size();
  const LogStart from = believed->frontier.end();
  end = {.entries = from.entries, .bytes = from.bytes};
  history = std::move(believed->history);
  record = history;
  decided_before = history.decided().count;
  frontier = std::move(believed->frontier);
}

// Up to the end, or to what is not to be signed.
void LoadedLog::read_entries(std::uint64_t signed_size, const TailDecision& decision,
                             const std::function<void()>& note) {
  const auto take = [&](std::uint64_t index, std::string_view entry) {
    const LogStart start{.entries = index, .bytes = end.bytes};
    if (index < signed_size)
      take_signed(start, entry, index + 1 == signed_size);
    else if (!take_unsigned(start, entry, decision))
      return false;
    add_leaf(entry);
    if (index + 1 == signed_size && last_) frontier = frontier_here();
    note();
    ++end.entries;
    end.bytes += entry.size() + 1;
    return true;
  };
  try {
    LogEnd whole = read_log(log_of(folder_), take, {.entries = end.entries, .bytes = end.bytes});
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

// Here both histories are the same.
void LoadedLog::take_signed(const LogStart& start, std::string_view entry, bool is_last) {
  if (is_last) {
    record = history;
    keep_last(entry, start);
    record.take(start.entries, entry);
  }
  take_into(history, entry, start);
}

void LoadedLog::take_into(History& one, std::string_view entry, const LogStart& start) {
  const auto before = one.decided().count;
  one.take(start.entries, entry);
  if (one.decided().count != before) decided.push_back(start);
}

bool LoadedLog::take_unsigned(const LogStart& start, std::string_view entry,
                              const TailDecision& decision) {
  const std::uint64_t index = start.entries;
  const bool to_drop = decision.drop_from == index;
  try {
    tail.take(entry, {.seq = index, .prev = prev, .history_sha256 = record.sha256(start)}, to_drop);
  } catch (const Error& error) {
    fault = TailFault{.index = index, .error = error};
    return false;
  }
  if (to_drop) refuse_drop(index);
  keep_last(entry, start);
  take_into(record, entry, start);
  return true;
}

// Before `record` has taken the entry.
void LoadedLog::keep_last(std::string_view entry, const LogStart& start) {
  last_.reset();
  const auto head = entry_head(entry);
  if (!head || !head->vouched || head->history_sha256.empty()) return;
  Frontier last{.line = std::string(entry), .start = start, .history = record.text(start)};
  if (crypto::sha256_hex(as_bytes(last.history)) != head->history_sha256) return;
  for (auto& intent : record.open_intents()) last.open.push_back(std::move(intent.line));
  last_ = std::move(last);
}

std::optional<Frontier> LoadedLog::frontier_here() const {
  if (!last_) return std::nullopt;
  Frontier here = *last_;
  here.head = {.size = tree.size(), .root = tree.root()};
  here.path = tree.last_path();
  return here;
}

std::optional<Hash> LoadedLog::root_at(std::uint64_t size) const {
  Hasher own;
  Tree part(own);
  LogStart from;
  if (frontier && frontier->head.size <= size &&
      part.continue_from(frontier->head.size, own.leaf(as_bytes(frontier->line)), frontier->path))
    from = frontier->end();
  if (part.size() < size) {
    (void)read_log(
        log_of(folder_),
        [&](std::uint64_t, std::string_view entry) {
          part.append(own.leaf(as_bytes(entry)));
          return part.size() < size;
        },
        from);
  }
  return part.size() == size ? std::optional(part.root()) : std::nullopt;
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

void LoadedLog::add(std::string_view entry, const LogStart& start) {
  keep_last(entry, start);
  take_into(record, entry, start);
  add_leaf(entry);
}

void LoadedLog::add_leaf(std::string_view entry) {
  prev = hasher.leaf(as_bytes(entry));
  tree.append(*prev);
  last_entry_bytes = entry.size();
}

}  // namespace keyrite::transcript
