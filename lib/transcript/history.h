// What the entries of a log say about acts: which began and have no known result, and which
// approval statements were used. Fed entry by entry, as LogWriter reads them; looks at canonical
// bytes and parses none of them, so that a log of any length is read at the speed of the disk. One
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace keyrite::transcript {

// The values of "event" that History knows (docs/formats/transcript.md).
inline constexpr std::string_view kOpened = "opened";
inline constexpr std::string_view kIntent = "intent";
inline constexpr std::string_view kResult = "result";
inline constexpr std::string_view kSettled = "settled";
// A person said what the last signed checkpoint was, whose file was lost.
inline constexpr std::string_view kLastSignedAccepted = "last-signed-accepted";

struct OpenIntent {
  std::uint64_t index{};
  std::string run{};
  std::string line{};  // the entry's bytes
};

class History {
 public:
  void take(std::uint64_t index, std::string_view line);
  // Whether an entry says which site's log this is.
  [[nodiscard]] bool opened() const { return opened_; }
  // In the order of the log.
  [[nodiscard]] std::vector<OpenIntent> open_intents() const;
  // The entry that used the statement with this SHA-256 (lower-case hex).
  [[nodiscard]] std::optional<std::uint64_t> use_of(std::string_view statement_sha256) const;
  // "time" of the newest entry that has one; empty when none has.
  [[nodiscard]] const std::string& last_time() const { return last_time_; }

 private:
  bool opened_{false};
  std::string last_time_{};
  std::map<std::string, OpenIntent> open_{};  // by run
  std::map<std::string, std::uint64_t, std::less<>> used_{};
};

}  // namespace keyrite::transcript
