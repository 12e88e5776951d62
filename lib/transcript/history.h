// What the entries of a log say about acts: which began and have no known result, which approval
// statements were used, and what time it is. LogWriter feeds it entry by entry. It looks at the top
// level of each (entry_head.h) and parses none, so that it reads a log of any length at the speed
// of the disk. A line that is not an entry says nothing: 0.1.0 signed whatever the log contained.
// An entry that is vouched for has the SHA-256 of the history before it: by that a short file is
// believed in the place of all these entries (docs/formats/transcript.md). One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcript/entry_time.h"
#include "transcript/event.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"

namespace keyrite::transcript {

struct OpenIntent {
  std::uint64_t index{};
  std::string run{};
  std::string act{};
  std::string line{};  // the entry's bytes
};

// What an entry's word is worth: a claim is what anybody could have written behind the last
// checkpoint. It begins and ends acts on files, and nothing else.
enum class Worth : std::uint8_t { kCounts, kClaim };

class History {
 public:
  void take(std::uint64_t index, std::string_view line, Worth worth = Worth::kCounts);
  // The same of a line whose head is known.
  void take(std::uint64_t index, std::string_view line, const EntryHead& head,
            Worth worth = Worth::kCounts);
  // Whether an entry says which site's log this is.
  [[nodiscard]] bool opened() const { return opened_; }
  // In the order of the log.
  [[nodiscard]] std::vector<OpenIntent> open_intents() const;
  // Of a run; nullptr when it has none. Valid until the next take().
  [[nodiscard]] const OpenIntent* open_intent(std::string_view run) const;
  // The entry that used the statement with this SHA-256 (lower-case hex). nullopt also where the
  // log's clock is past the time that the entry names as the statement's end.
  [[nodiscard]] std::optional<std::uint64_t> use_of(std::string_view statement_sha256) const;
  [[nodiscard]] const LogClock& clock() const { return clock_; }
  // How many results set a decision of the site's registry, and the chain of their leaf hashes.
  struct Decided {
    std::uint64_t count{};
    Hash chain{};  // SHA-256 of the chain before and the leaf; zeros where there is none
    void add(std::string_view line);
    friend bool operator==(const Decided&, const Decided&) = default;
  };
  [[nodiscard]] const Decided& decided() const { return decided_; }

  // All of it as text, before the entry that begins at `next`. Its SHA-256 is "history_sha256".
  [[nodiscard]] std::string text(const LogStart& next) const;
  [[nodiscard]] std::string sha256(const LogStart& next) const;

 private:
  struct Use {
    std::uint64_t index{};
    std::optional<std::chrono::sys_seconds> until{};  // nullopt: for ever
  };

  void close(std::string_view run, Worth worth);
  void use(std::uint64_t index, const EntryHead& head);
  void forget_expired();

  friend class HistoryText;

  bool opened_{false};
  LogClock clock_{};
  Decided decided_{};
  std::map<std::string, OpenIntent, std::less<>> open_{};  // by run
  std::map<std::string, Use, std::less<>> used_{};
  std::optional<std::chrono::sys_seconds> first_end_{};  // the earliest of their ends
};

// The history that a text tells, and where the entry after it begins. `lines`: of the open intents,
// in the order of the text. nullopt for a text of any other form, and where a line is not the one
// that the text names.
struct ToldHistory {
  History history{};
  LogStart next{};
};
[[nodiscard]] std::optional<ToldHistory> history_of(std::string_view text,
                                                    const std::vector<std::string>& lines);

}  // namespace keyrite::transcript
