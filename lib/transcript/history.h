// What the entries of a log say about acts: which began and have no known result, which approval
// statements were used, and how late it is. Fed entry by entry, as LogWriter reads them; looks at
// the top level of each (entry_head.h) and parses none, so that a log of any length is read at the
// speed of the disk. What is no entry says nothing: 0.1.0 signed whatever stood in the log. One
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcript/entry_time.h"
#include "transcript/event.h"

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
  // Whether an entry says which site's log this is.
  [[nodiscard]] bool opened() const { return opened_; }
  // In the order of the log.
  [[nodiscard]] std::vector<OpenIntent> open_intents() const;
  // Of a run; nullptr when it has none. Valid until the next take().
  [[nodiscard]] const OpenIntent* open_intent(std::string_view run) const;
  // The entry that used the statement with this SHA-256 (lower-case hex).
  [[nodiscard]] std::optional<std::uint64_t> use_of(std::string_view statement_sha256) const;
  [[nodiscard]] const LogClock& clock() const { return clock_; }

 private:
  void close(std::string_view run, Worth worth);

  bool opened_{false};
  LogClock clock_{};
  std::map<std::string, OpenIntent, std::less<>> open_{};  // by run
  std::map<std::string, std::uint64_t, std::less<>> used_{};
};

}  // namespace keyrite::transcript
