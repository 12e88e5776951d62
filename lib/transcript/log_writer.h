// Writes a transcript. Entries are on disk when append() returns. Checkpoints never sign less than
// was signed before, or something else, and never an unchecked entry. The last signed checkpoint is
// also in a file of its own, outside of the transcript's folder: after the folder was restored from
// a backup, that file shows that something is missing. One writer per transcript (held by a lock),
// one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "transcript/checkpoint.h"
#include "transcript/history.h"
#include "transcript/signer.h"
#include "transcript/turn.h"
#include "transcript/unsigned_tail.h"

namespace keyrite::transcript {

struct LogPlace {
  std::string folder{};       // log.jsonl and checkpoint
  std::string last_signed{};  // a file outside of it
  // Of the writer, for whoever finds the log locked: "generate-kek", and the user's name. Where the
  // clock is set, also since when.
  std::string who{};
  std::string user{};
  Clock now{};
  Turn turn{};
  // If last_signed is missing: the signed head that a person says it had, and the entry that
  // records that. Unused if it is there.
  struct AcceptedLoss {
    TreeHead head{};
    Json entry{};
  };
  std::optional<AcceptedLoss> accepted_loss{};
};

// What was found and mended when a log was opened.
struct Recovery {
  std::uint64_t torn_bytes{};        // a last line whose writing was cut off: dropped, and logged
  bool checkpoint_restored{false};   // it was older than the last signed one
  bool last_signed_restored{false};  // it was missing, and a person said what it was
  std::uint64_t unsigned_entries{};
  std::uint64_t dropped_bytes{};          // what a person had cut off
  std::vector<UnsignedEntry> accepted{};  // what a person said to be true
};

enum class Vouching : std::uint8_t { kNone, kByLogKey };

class LogWriter {
 public:
  // The bytes of a new log's checkpoint, for its folder and for last_signed: the empty tree,
  // signed. Errors: those of the signer; kInternal "signature-wrong".
  [[nodiscard]] static std::string first_checkpoint(const Signer& signer);

  // Takes the lock, hashes the log from what the last writer left (the frontier, where that is
  // proven, else the first entry), compares it with both checkpoints, and checks what follows
  // them (UnsignedTail). A line that was cut off is dropped when the log has recorded it, not
  // before; what a person has cut off is also kept as evidence. Errors kWaiting "transcript-in-use"
  // (another writer, for longer than place.turn says); kFailed "file-unwritable"; kVerification:
  // those of verify_checkpoint, "log-set-back" (fewer entries than were signed), "log-changed"
  // (what was signed is another log), "last-signed-missing" (nothing tells whether the log was set
  // back), "last-signed-other" (the published checkpoint is not what a person says was signed
  // last), those of UnsignedTail::take, "entry-unvouched" (entries that a person has to accept);
  // kUsage "entry-in-order" (what was to be dropped is nothing that was refused); those of the
  // signer where something is dropped, or said of a lost file.
  LogWriter(const LogPlace& place, Signer signer, const TailDecision& decision = {});
  LogWriter(LogWriter&&) noexcept;
  LogWriter& operator=(LogWriter&&) = delete;
  // Leaves the frontier for the next writer, last of all, where this one changed or read the log.
  ~LogWriter();

  [[nodiscard]] const Recovery& recovery() const;
  // Of the entries that were there when the log was opened. Valid as long as the writer.
  [[nodiscard]] const History& history() const;
  // Entries behind the last checkpoint for which nobody vouches: an entry "unvouched" has to name
  // them before they are signed.
  [[nodiscard]] std::vector<UnmarkedRange> unmarked() const;
  [[nodiscard]] TreeHead head() const;         // of all entries
  [[nodiscard]] TreeHead signed_head() const;  // of the last checkpoint
  // The leaf hash of the last entry; nullopt where there is none.
  [[nodiscard]] std::optional<Hash> last_leaf() const;
  // The root of the first `size` entries; nullopt where there are fewer. Reads the whole log where
  // more than that was signed before it was opened. Errors: those of read_log.
  [[nodiscard]] std::optional<Hash> root_at(std::uint64_t size) const;
  // Where a known entry begins: at the last one that was signed, if that is known to the writer
  // without reading the log; else at the first one.
  [[nodiscard]] LogStart known_start() const;

  // Adds an entry, with a vouch of the log's key or without, and syncs it; its index. Looks before
  // whether another writer was here. Errors: those of entry_bytes and of the signer; kInternal
  // "signature-wrong"; kVerification "lock-lost" (the lock's file was removed),
  // "log-changed-meanwhile", "last-signed-changed", after which nothing is added or signed; kFailed
  // "file-unwritable", after which the log is as it was, and where the disk refuses even that the
  // hint says so. A failed sync is final: this writer adds nothing more.
  std::uint64_t append(const Json& content, Vouching vouching = Vouching::kNone);
  // Signs all entries. The signature is verified before it is kept anywhere. Errors: those of
  // append about another writer; those of the signer; kInternal "signature-wrong"; kFailed
  // "file-unwritable", after which the next writer finds the old signed size or the new one.
  void sign();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::transcript
