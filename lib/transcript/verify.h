// What an auditor asks of a transcript: is this log what its key signed, and does it contain all
// that an earlier checkpoint signed? Needs the log, the checkpoint and the vkeys, and no token.
// Reads files and nothing else; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "transcript/checkpoint.h"
#include "transcript/entry_head.h"
#include "transcript/log_reader.h"
#include "transcript/note.h"

namespace keyrite::transcript {

struct VerifyRequest {
  std::string log{};                  // path of log.jsonl
  std::string checkpoint{};           // path of the signed checkpoint
  std::vector<NoteKey> keys{};        // of this log and of its witnesses
  std::optional<std::string> from{};  // path of an earlier checkpoint, from an independent source
  // How many of the signed entries are hashed, now and then; in the caller's thread. Unset: nobody
  // is told.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

struct Verified {
  Checkpoint checkpoint{};
  NoteVerdict signatures{};
  std::optional<Checkpoint> from{};
  std::uint64_t unsigned_entries{};  // after the checkpoint: nothing is proven about them
  std::uint64_t torn_bytes{};
  [[nodiscard]] Json to_json() const;
};

// Views of an entry, valid while it is read.
struct SignedEntry {
  std::uint64_t index{};
  std::string_view line{};
  const Hash& leaf;
  const std::optional<EntryHead>& head;
};
// Reads along while the log is hashed: each entry that the checkpoint signs, in order. Called
// before the roots are compared: only when verify() returns is what was read proven.
using EntryReader = std::function<void(const SignedEntry& entry)>;

// Errors kVerification: those of parse_signed_checkpoint and verify_checkpoint; "log-truncated"
// (fewer entries than are signed); "log-changed" (the root is another; says which entry where its
// neighbours tell: see entry.h); "log-forked" (the earlier checkpoint is of another history);
// "log-shrunk" (the earlier checkpoint is of more entries); "entry-history-wrong" (a signed entry
// that is vouched for says that the log said something else before it); those of read_log.
[[nodiscard]] Verified verify(const VerifyRequest& request, const EntryReader& read = {});

}  // namespace keyrite::transcript
