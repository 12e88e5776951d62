#include "transcript/log_writer.h"

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "transcript/entry.h"
#include "transcript/internal/checkpoint_signing.h"
#include "transcript/internal/decided_file.h"
#include "transcript/internal/last_signed.h"
#include "transcript/internal/loaded_log.h"
#include "transcript/internal/log_file.h"
#include "transcript/internal/write_lock.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

namespace fs = std::filesystem;

std::string holder_text(const LogPlace& place) {
  std::string text = fmt::format("{}, process {}", place.who, ::getpid());
  if (!place.user.empty()) text += fmt::format(", user {}", place.user);
  if (place.now) text += fmt::format(", since {}", format_rfc3339(place.now()));
  return text;
}

}  // namespace

struct LogWriter::State {
  State(LogPlace of, Signer with)
      : place(std::move(of)),
        signer(std::move(with)),
        lock(
            fs::path(place.folder) / "lock", [this] { return holder_text(place); }, place.turn),
        log(place.folder, signer.key),
        file(place.folder, log),
        last_signed(place.last_signed) {}

  void load(const TailDecision& decision) {
    read_stamp = stamp_of(log_of(place.folder));
    const TreeHead published = read_head(checkpoint_of(place.folder), signer);
    const TreeHead kept = last_signed.head(published, signer, place.accepted_loss);
    signed_head = kept.size >= published.size ? kept : published;
    log.read(published, kept, decision);
    frontier = log.frontier;
    if (frontier && frontier->checkpoint.empty()) {
      frontier->checkpoint = as_text(
          read_file(published == signed_head ? checkpoint_of(place.folder) : place.last_signed));
      to_leave = true;
    }
    recovery.checkpoint_restored = published != signed_head;
    recovery.unsigned_entries = log.tree.size() - signed_head.size;
    recovery.accepted = log.require_decided(decision);
  }

  // Before each entry and each signature: nobody else wrote here since this writer looked. A lock
  // keeps out only writers that ask for it, and only as long as its file stands.
  void look_again() const {
    lock.require_held();
    file.require_unchanged();
    last_signed.require_unchanged();
  }

  void drop_torn(const std::function<void(const Json&)>& report) {
    const LogFile::Rest& rest = file.torn_rest();
    recovery.torn_bytes = rest.bytes;
    report({{"act", "recovery"},
            {"event", kTruncated},
            {"bytes", rest.bytes},
            {"sha256", crypto::sha256_hex(as_bytes(rest.start))}});
    file.cut_off();
  }

  // The same of what a person drops, whole lines or not.
  void drop_fault(Json head, const std::function<void(const Json&)>& report) {
    const std::string sha256 = file.keep_rest();
    recovery.dropped_bytes = file.rest().bytes;
    head["event"] = kDropped;
    head["first"] = log.fault->index;
    head["bytes"] = recovery.dropped_bytes;
    head["sha256"] = sha256;
    report(head);
    log.fault.reset();
    file.cut_off();
  }

  // So that the next writer begins where this one ended. Nothing waits for it.
  void leave() noexcept {
    try {
      const auto stamp = to_leave && frontier ? file.stamp() : std::nullopt;
      if (!stamp) return;
      const bool is_listed =
          log.decided.empty() || leave_decided(place.folder, log.decided_before, log.decided);
      // Without the list the next writer reads the whole log, and makes it.
      if (is_listed) leave_frontier(place.folder, *frontier, *stamp);
    } catch (...) {
      return;  // the next writer reads the whole log
    }
  }

  // The checkpoint that stands apart is this one.
  void keep(const TreeHead& head, const std::string& checkpoint) {
    signed_head = head;
    last_signed.remember(checkpoint);
  }

  LogPlace place;
  Signer signer;
  WriteLock lock;
  LoadedLog log;
  LogFile file;
  LastSigned last_signed;
  TreeHead signed_head{};
  Recovery recovery{};
  std::optional<FileStamp> read_stamp{};
  std::optional<Frontier> frontier{};  // of what is signed
  bool to_leave{false};                // the one in the folder is another, or the log changed
};

std::string LogWriter::first_checkpoint(const Signer& signer) {
  Hasher hasher;
  return signed_checkpoint(signer, {.size = 0, .root = hasher.empty()});
}

LogWriter::LogWriter(const LogPlace& place, Signer signer, const TailDecision& decision)
    : state_(std::make_unique<State>(place, std::move(signer))) {
  State& state = *state_;
  remove_leftovers(place.folder);
  state.load(decision);
  state.file.open(state.read_stamp);
  if (state.recovery.checkpoint_restored) {
    replace_file(checkpoint_of(place.folder), read_file(place.last_signed));
  }
  if (state.log.fault) {
    state.drop_fault(decision.drop_head,
                     [this](const Json& entry) { (void)append(entry, Vouching::kByLogKey); });
  }
  if (!state.log.end.torn.empty())
    state.drop_torn([this](const Json& entry) { (void)append(entry); });
  if (state.last_signed.is_lost()) {
    // The entry comes first: the file is not back before the log says why.
    (void)append(state.place.accepted_loss->entry, Vouching::kByLogKey);
    state.last_signed.restore(checkpoint_of(place.folder));
    state.recovery.last_signed_restored = true;
  }
}

LogWriter::LogWriter(LogWriter&&) noexcept = default;
LogWriter::~LogWriter() {
  if (state_) state_->leave();
}

const Recovery& LogWriter::recovery() const { return state_->recovery; }
const History& LogWriter::history() const { return state_->log.history; }
std::vector<UnmarkedRange> LogWriter::unmarked() const { return state_->log.tail.unmarked(); }
TreeHead LogWriter::head() const {
  return {.size = state_->log.tree.size(), .root = state_->log.tree.root()};
}
TreeHead LogWriter::signed_head() const { return state_->signed_head; }
std::optional<Hash> LogWriter::last_leaf() const { return state_->log.prev; }

std::optional<Hash> LogWriter::root_at(std::uint64_t size) const {
  if (size == state_->signed_head.size) return state_->signed_head.root;
  return state_->log.root_at(size);
}

LogStart LogWriter::known_start() const {
  return state_->frontier ? state_->frontier->start : LogStart{};
}

std::uint64_t LogWriter::append(const Json& content, Vouching vouching) {
  State& state = *state_;
  const std::uint64_t index = state.log.tree.size();
  Voucher voucher;
  if (vouching == Vouching::kByLogKey) {
    voucher = [&](std::string_view bare) {
      return to_base64(
          signature_over(state.signer, vouch_text(state.signer.key.name(), bare)).value);
    };
  }
  const LogStart start{.entries = index, .bytes = state.log.end.bytes};
  Place place{.seq = index, .prev = state.log.prev};
  if (voucher) place.history_sha256 = state.log.record.sha256(start);
  const std::string entry = entry_bytes(content, place, voucher);
  state.file.require_whole();
  state.look_again();
  state.to_leave = true;
  state.file.add_line(entry + "\n");
  state.log.add(entry, start);
  state.log.tail.added(index, content, vouching == Vouching::kByLogKey);
  return index;
}

void LogWriter::sign() {
  State& state = *state_;
  const TreeHead now = head();
  if (!state.file.is_broken()) state.look_again();
  const std::string checkpoint = signed_checkpoint(state.signer, now);
  // Again: the token may have taken its time.
  if (!state.file.is_broken()) state.look_again();
  // Apart first: a checkpoint that somebody may have seen is never forgotten.
  try {
    state.last_signed.write(checkpoint);
  } catch (const Error&) {
    // It may have its name already, and only the folder was not synced: then it is ours all the
    // same, and the failure can be logged.
    if (state.last_signed.has(checkpoint)) state.keep(now, checkpoint);
    throw;
  }
  state.keep(now, checkpoint);
  replace_file(checkpoint_of(state.place.folder), as_bytes(checkpoint));
  if (auto here = state.log.frontier_here()) {
    state.frontier = std::move(here);
    state.frontier->checkpoint = checkpoint;
    state.to_leave = true;
  }
}

}  // namespace keyrite::transcript
