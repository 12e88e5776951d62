#include "transcript/log_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sha256.h"
#include "transcript/entry.h"
#include "transcript/internal/loaded_log.h"
#include "transcript/internal/write_lock.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMissingHint =
    "restore the file. If it is lost for good, compare the log with witnesses, auditors or your "
    "own notes, then run keyrite resume --accept-missing-last-signed";

constexpr const char* kNothingAdded =
    "repair the disk, then run the command again: nothing was added to the log";
constexpr const char* kPerhapsAdded =
    "repair the disk, then run keyrite resume: the new entry, or a part of it, may be in the log";

constexpr std::size_t kStartBytes = kMaxEntryBytes + 1;

// What the signer gave is verified before anybody sees it.
NoteSignature signature_over(const Signer& signer, const std::string& text) {
  NoteSignature signature{
      .name = signer.key.name(), .id = signer.key.id(), .value = signer.sign(text)};
  if (verifies(signer.key, signature, text)) return signature;
  throw Error(Kind::kInternal, "signature-wrong",
              "the log's key gave a signature that its public key does not verify",
              "check the token: the log's key or its public key changed");
}

std::string signed_checkpoint(const Signer& signer, const TreeHead& head) {
  Note note{.text = Checkpoint{.origin = signer.key.name(), .head = head}.text()};
  note.signatures.push_back(signature_over(signer, note.text));
  return note.bytes();
}

bool is_missing(const std::string& path) { return look_at(path).presence == Presence::kAbsent; }

bool holds(const std::string& path, const std::string& content) {
  try {
    return as_text(read_file(path)) == content;
  } catch (const Error&) {
    return false;  // what cannot be read is not known to be ours
  }
}

TreeHead read_head(const std::string& path, const Signer& signer) {
  const SignedCheckpoint checkpoint = read_checkpoint(path);
  (void)verify_checkpoint(checkpoint, {signer.key}, path);
  return checkpoint.checkpoint.head;
}

}  // namespace

struct LogWriter::State {
  // What is in the file after the last entry that counts, until it is cut off: a line that was not
  // finished, or all that a person drops. It may be of any length, so only its start is in memory:
  // the part that the next entry overwrites.
  struct Behind {
    std::uint64_t bytes{0};
    std::string start{};
  };

  State(LogPlace of, Signer with)
      : place(std::move(of)),
        signer(std::move(with)),
        lock(fs::path(place.folder) / "lock", place.who),
        log(place.folder, signer.key) {}
  ~State() {
    if (fd >= 0) ::close(fd);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[noreturn]] void unwritable(int reason, const char* hint) const {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be written: {}", printable(log_of(place.folder)),
                            std::generic_category().message(reason)),
                hint);
  }

  // What was signed last, as the file apart says; where that is missing, a person.
  [[nodiscard]] TreeHead kept_head(const TreeHead& published) {
    if (!is_missing(place.last_signed)) {
      last_signed = read_file(place.last_signed);
      return read_head(place.last_signed, signer);
    }
    if (!place.accepted_loss) {
      throw Error(Kind::kVerification, "last-signed-missing",
                  fmt::format("{} is missing: without it keyrite cannot tell whether the log, "
                              "whose checkpoint signs {} entries, was rolled back",
                              printable(place.last_signed), published.size),
                  kMissingHint);
    }
    const TreeHead& accepted = place.accepted_loss->head;
    if (accepted != published) {
      throw Error(
          Kind::kVerification, "last-signed-other",
          fmt::format("the checkpoint signs {} entries, root {}, and you say that the last one "
                      "signed {}, root {}",
                      published.size, to_hex(published.root), accepted.size, to_hex(accepted.root)),
          kStopHint);
    }
    lost = true;
    return published;
  }

  void load(const TailDecision& decision) {
    const TreeHead published = read_head(checkpoint_of(place.folder), signer);
    const TreeHead kept = kept_head(published);
    signed_head = kept.size >= published.size ? kept : published;
    log.read(published, kept, decision);
    recovery.checkpoint_restored = published != signed_head;
    recovery.unsigned_entries = log.tree.size() - signed_head.size;
    recovery.accepted = log.require_decided(decision);
  }

  // Before each entry and each signature: nobody else wrote here since this writer looked. A lock
  // keeps out only writers that ask for it, and only as long as its file stands.
  void look_again() {
    lock.require_held();
    require_log_unchanged();
    if (lost ? is_missing(place.last_signed) : read_file(place.last_signed) == last_signed) return;
    throw Error(Kind::kVerification, "last-signed-changed",
                fmt::format("{} changed while keyrite worked: another writer signed meanwhile",
                            printable(place.last_signed)),
                kStopHint);
  }

  void require_log_unchanged() {
    const std::string path = log_of(place.folder);
    struct stat held {};
    struct stat named {};
    if (::fstat(fd, &held) != 0 || ::stat(path.c_str(), &named) != 0)
      unwritable(errno, kNothingAdded);
    if (held.st_dev != named.st_dev || held.st_ino != named.st_ino)
      changed_meanwhile("is another file now");
    if (static_cast<std::uint64_t>(held.st_size) != log.end.bytes + behind.bytes)
      changed_meanwhile("has another size now");
    if (log.prev && log.hasher.leaf(as_bytes(read_last_entry())) != *log.prev)
      changed_meanwhile("has another last entry now");
  }

  [[noreturn]] void changed_meanwhile(const char* how) const {
    throw Error(
        Kind::kVerification, "log-changed-meanwhile",
        fmt::format("{} {}: another writer was at work", printable(log_of(place.folder)), how),
        kStopHint);
  }

  [[nodiscard]] std::string read_last_entry() const {
    std::string entry(log.last_entry_bytes, '\0');
    std::size_t got = 0;
    while (got < entry.size()) {
      const ssize_t more =
          ::pread(fd, entry.data() + got, entry.size() - got,
                  static_cast<off_t>(log.end.bytes - 1 - log.last_entry_bytes + got));
      if (more < 0 && errno == EINTR) continue;
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    entry.resize(got);
    return entry;
  }

  void open() {
    fd = ::open(log_of(place.folder).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) unwritable(errno, kNothingAdded);
  }

  // The errno of what failed, or 0.
  [[nodiscard]] int write_at_end(std::string_view text) const {
    std::size_t written = 0;
    while (written < text.size()) {
      const ssize_t got = ::pwrite(fd, text.data() + written, text.size() - written,
                                   static_cast<off_t>(log.end.bytes + written));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno;
      written += static_cast<std::size_t>(got);
    }
    return 0;
  }

  // Writes at the end, or leaves the file as it was.
  void write_line(const std::string& line) {
    if (broken != 0) unwritable(broken, kNothingAdded);
    look_again();
    if (const int reason = write_at_end(line); reason != 0) take_back(reason);
    if (::fdatasync(fd) != 0) {
      // Final: the kernel may call pages clean that never reached the disk.
      broken = errno;
      take_back(broken);
    }
    log.end.bytes += line.size();
    ++log.end.entries;
  }

  [[noreturn]] void take_back(int reason) {
    // What the log does not report yet must not be lost; it has its place on the disk.
    const auto before = static_cast<off_t>(log.end.bytes + behind.bytes);
    if (write_at_end(behind.start) == 0 && ::ftruncate(fd, before) == 0)
      unwritable(reason, kNothingAdded);
    broken = reason;
    unwritable(reason, kPerhapsAdded);
  }

  // Beyond every signed size, since what is signed has whole lines. Logged before it is cut off:
  // the entry is written over it. A writer that is killed here leaves it, or what is longer than
  // the entry, for the next one to report.
  void drop_torn(const std::function<void(const Json&)>& report) {
    behind = {.bytes = log.end.torn.size(), .start = log.end.torn};
    recovery.torn_bytes = behind.bytes;
    report({{"act", "recovery"},
            {"event", kTruncated},
            {"bytes", behind.bytes},
            {"sha256", crypto::sha256_hex(as_bytes(behind.start))}});
    cut_off();
  }

  // The checkpoint that stands apart is this one.
  void keep(const TreeHead& head, const std::string& checkpoint) {
    signed_head = head;
    last_signed.assign(checkpoint.begin(), checkpoint.end());
  }

  // The SHA-256, in hex, of all that is in the file after the last entry that counts; `behind` says
  // how much that is.
  std::string read_behind() {
    FilePieces pieces(log_of(place.folder), log.end.bytes);
    crypto::Sha256 hash;
    behind = {};
    for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
      hash.update(piece);
      behind.bytes += piece.size();
      const std::size_t room = std::min(kStartBytes - behind.start.size(), piece.size());
      behind.start += as_text(piece.first(room));
    }
    return to_hex(hash.finish());
  }

  // Keeps it as evidence of who wrote here, under its SHA-256: read once for the name and once more
  // for the content.
  std::string keep_behind() {
    std::string sha256 = read_behind();
    const fs::path evidence = fs::path(place.folder) / kEvidenceName;
    require_folder(evidence);
    FilePieces pieces(log_of(place.folder), log.end.bytes);
    crypto::Sha256 hash;
    replace_file(evidence / sha256, [&] {
      const ByteView piece = pieces.next();
      hash.update(piece);
      if (piece.empty() && to_hex(hash.finish()) != sha256)
        changed_meanwhile("changed while it was read");
      return piece;
    });
    return sha256;
  }

  // The same of what a person drops, whole lines or not.
  void drop_fault(Json head, const std::function<void(const Json&)>& report) {
    const std::string sha256 = keep_behind();
    recovery.dropped_bytes = behind.bytes;
    head["event"] = kDropped;
    head["first"] = log.fault->index;
    head["bytes"] = behind.bytes;
    head["sha256"] = sha256;
    report(head);
    log.fault.reset();
    cut_off();
  }

  void cut_off() {
    behind = {};
    log.end.torn.clear();
    if (::ftruncate(fd, static_cast<off_t>(log.end.bytes)) != 0) unwritable(errno, kPerhapsAdded);
  }

  void restore_last_signed() {
    last_signed = read_file(checkpoint_of(place.folder));
    replace_file(place.last_signed, last_signed);
    lost = false;
    recovery.last_signed_restored = true;
  }

  LogPlace place;
  Signer signer;
  WriteLock lock;
  int fd{-1};
  LoadedLog log;
  Behind behind{};
  int broken{0};  // the errno after which nothing is added any more
  TreeHead signed_head{};
  Bytes last_signed{};  // the file's content, as this writer read or wrote it
  bool lost{false};     // there is no such file, and a person said what it was
  Recovery recovery{};
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
  state.open();
  if (state.recovery.checkpoint_restored) {
    replace_file(checkpoint_of(place.folder), read_file(place.last_signed));
  }
  if (state.log.fault) {
    state.drop_fault(decision.drop_head,
                     [this](const Json& entry) { (void)append(entry, Vouching::kByLogKey); });
  }
  if (!state.log.end.torn.empty())
    state.drop_torn([this](const Json& entry) { (void)append(entry); });
  if (state.lost) {
    // The entry comes first: the file is not back before the log says why.
    (void)append(state.place.accepted_loss->entry, Vouching::kByLogKey);
    state.restore_last_signed();
  }
}

LogWriter::LogWriter(LogWriter&&) noexcept = default;
LogWriter::~LogWriter() = default;

const Recovery& LogWriter::recovery() const { return state_->recovery; }
const History& LogWriter::history() const { return state_->log.history; }
std::vector<UnmarkedRange> LogWriter::unmarked() const { return state_->log.tail.unmarked(); }
TreeHead LogWriter::head() const {
  return {.size = state_->log.tree.size(), .root = state_->log.tree.root()};
}
TreeHead LogWriter::signed_head() const { return state_->signed_head; }
std::optional<Hash> LogWriter::last_leaf() const { return state_->log.prev; }

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
  const std::string entry = entry_bytes(content, {.seq = index, .prev = state.log.prev}, voucher);
  state.write_line(entry + "\n");
  state.log.add(entry);
  state.log.tail.added(index, content, vouching == Vouching::kByLogKey);
  return index;
}

void LogWriter::sign() {
  State& state = *state_;
  const TreeHead now = head();
  if (state.broken == 0) state.look_again();
  const std::string checkpoint = signed_checkpoint(state.signer, now);
  // Again: the token may have taken its time.
  if (state.broken == 0) state.look_again();
  // Apart first: a checkpoint that somebody may have seen is never forgotten.
  try {
    replace_file(state.place.last_signed, as_bytes(checkpoint));
  } catch (const Error&) {
    // It may have its name already, and only the folder was not synced: then it is ours all the
    // same, and the failure can be logged.
    if (holds(state.place.last_signed, checkpoint)) state.keep(now, checkpoint);
    throw;
  }
  state.keep(now, checkpoint);
  replace_file(checkpoint_of(state.place.folder), as_bytes(checkpoint));
}

}  // namespace keyrite::transcript
