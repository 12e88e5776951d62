// What a writer knows of its log once it has read it: the tree, what is under way, what stands
// unsigned behind the last checkpoint, and where the file ends. Reads files; one log, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "transcript/checkpoint.h"
#include "transcript/history.h"
#include "transcript/internal/frontier.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"
#include "transcript/unsigned_tail.h"

namespace keyrite::transcript {

inline constexpr const char* kStopHint =
    "write nothing more here: find out what became of the transcript, and compare it with the "
    "copies that witnesses and auditors have";

// What ends a reading of the log: an entry that is neither signed nor what keyrite writes.
struct TailFault {
  std::uint64_t index{};
  Error error;
};

struct LoadedLog {
  LoadedLog(std::string folder, NoteKey key);
  LoadedLog(const LoadedLog&) = delete;
  LoadedLog& operator=(const LoadedLog&) = delete;
  ~LoadedLog() = default;

  // Hashes the log, or what follows its frontier, and holds it against the checkpoint that is
  // published and the one that is kept apart. Up to the end, or to `fault`. Errors kVerification
  // "log-set-back", "log-changed"; kUsage "entry-in-order" where nothing is wrong with what is to
  // be dropped; those of read_log.
  void read(const TreeHead& published, const TreeHead& kept, const TailDecision& decision);
  // What a person accepted of the tail; nothing goes on before somebody decided. Errors: that of
  // `fault`; kVerification "entry-unvouched"; kUsage "entry-in-order".
  [[nodiscard]] std::vector<UnsignedEntry> require_decided(const TailDecision& decision) const;
  // Of an entry that the writer has written.
  void add(std::string_view entry, const LogStart& start);
  // What a writer leaves that signed all entries: nullopt where the last one does not prove its
  // history. Without its checkpoint.
  [[nodiscard]] std::optional<Frontier> frontier_here() const;
  // Errors: those of read_log.
  [[nodiscard]] std::optional<Hash> root_at(std::uint64_t size) const;

  Hasher hasher{};
  Tree tree{hasher};
  std::optional<Hash> prev{};  // leaf hash of the last entry
  std::size_t last_entry_bytes{0};
  LogEnd end{};
  // Of the entries that were there, claims apart.
  History history{};
  // Of all entries, each as it will count once it is signed: what the next entry has the SHA-256
  // of.
  History record{};
  UnsignedTail tail;
  std::optional<TailFault> fault{};
  // Of what was signed when the log was read. Without its checkpoint, if it was not in the folder.
  std::optional<Frontier> frontier{};
  // Where the results begin that set decisions, and how many the frontier passes over.
  std::vector<LogStart> decided{};
  std::uint64_t decided_before{0};

 private:
  void begin_at_frontier(std::uint64_t signed_size);
  void read_entries(std::uint64_t signed_size, const TailDecision& decision,
                    const std::function<void()>& note);
  void take_signed(const LogStart& start, std::string_view entry, bool is_last);
  bool take_unsigned(const LogStart& start, std::string_view entry, const TailDecision& decision);
  void keep_last(std::string_view entry, const LogStart& start);
  void take_into(History& one, std::string_view entry, const LogStart& start);
  void add_leaf(std::string_view entry);
  [[nodiscard]] bool has_evidence(const std::string& sha256) const;
  void require_holds(const TreeHead& head, const std::optional<Hash>& root, const char* what) const;

  NoteKey key_;
  std::string folder_;
  std::optional<Frontier> last_{};  // of the last entry, if that proves its history
};

}  // namespace keyrite::transcript
