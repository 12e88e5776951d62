// What follows a log's last checkpoint when the log is opened: anybody who may write the folder can
// have added it. keyrite checks each entry like all others before it signs anything, and decides:
// the log's key vouches for it, or it says nothing that needs a token, or a person must say whether
// it is true. Plain data and a class for one log being read, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcript/entry.h"
#include "transcript/history.h"
#include "transcript/note.h"

namespace keyrite::transcript {

struct UnsignedEntry {
  std::uint64_t index{};
  Json entry{};
};

struct UnmarkedRange {
  EntryRange range{};
  bool accepted{false};  // a person said that they are true
};

// What a person decided, at resume, about what follows the last checkpoint.
struct TailDecision {
  // Asked about entries of acts at the token for which the log's key does not vouch: whether they
  // are true. Unset: nobody says so.
  std::function<bool(const std::vector<UnsignedEntry>&)> accept{};
  // The first entry that is cut off: the one that an error named.
  std::optional<std::uint64_t> drop_from{};
  // act, run, time and operator of the entry that records it.
  Json drop_head = Json::object();
};

class UnsignedTail {
 public:
  // Whether the evidence of a SHA-256 is kept beside the log.
  using HasEvidence = std::function<bool(const std::string& sha256)>;

  UnsignedTail(NoteKey key, History& history, HasEvidence has_evidence)
      : key_(std::move(key)), history_(history), has_evidence_(std::move(has_evidence)) {}

  // Checks the next entry and gives it to the history. Errors kVerification: those of parse_entry
  // and is_vouched; "entry-event-unknown", "entry-field-wrong" (a field that its event demands is
  // missing or of another form), "entry-out-of-place" (such as a result whose run has no intent),
  // "entry-history-wrong" (it says that the log said something else before it),
  // "entry-unvouched" (it says what only a holder of the token can say, and no act at the token
  // could have left it so; or `to_drop`: a person says that it is not true),
  // "entry-evidence-missing" (nobody vouches for it, and the evidence that it names is not there:
  // once it is signed, no export could ever be whole).
  void take(std::string_view line, const Place& place, bool to_drop = false);
  // Of an entry that this writer adds itself.
  void added(std::uint64_t index, const Json& content, bool vouched);

  // Entries that say of acts at the token what nobody vouches for: 0.1.0 left such ones.
  [[nodiscard]] const std::vector<UnsignedEntry>& to_accept() const { return to_accept_; }
  // For which nobody vouches, and which no "unvouched" entry names yet.
  [[nodiscard]] std::vector<UnmarkedRange> unmarked() const;

 private:
  void require_place(const Json& entry, std::uint64_t index, const EventRule& rule) const;
  void require_history(const UnsignedEntry& one, const Place& place) const;
  [[nodiscard]] bool is_claim(const Json& entry, const EventRule& rule) const;
  void require_evidence(const UnsignedEntry& one) const;
  void mark(const EntryRange& range, bool accepted);

  NoteKey key_;
  History& history_;
  HasEvidence has_evidence_;
  std::vector<UnsignedEntry> to_accept_{};
  std::vector<std::uint64_t> unmarked_{};
};

}  // namespace keyrite::transcript
