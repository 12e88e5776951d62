// The times of a log's entries: the latest one that it proves, and where its clock ran back. A
// log's clock starts anew where an officer confirmed the machine's. Values, one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "transcript/entry_head.h"

namespace keyrite::transcript {

// As keyrite writes it, "2026-02-13T17:39:25Z", and no other form of RFC 3339. nullopt for anything
// else: read once for each entry, so it is fast.
[[nodiscard]] std::optional<std::chrono::sys_seconds> entry_time(std::string_view text);

// By how much a clock may be behind a log without anybody being asked.
inline constexpr std::chrono::minutes kClockTolerance{5};

class LogClock {
 public:
  LogClock() = default;
  // As it stands before an entry that somebody vouches for.
  LogClock(std::optional<std::chrono::sys_seconds> latest,
           std::optional<std::uint64_t> confirmed_at)
      : any_vouched_(true), latest_(latest), confirmed_at_(confirmed_at) {}
  // False when the entry's time is further back than the tolerance allows. What nobody vouches for
  // does not move the clock, once the log has entries that somebody vouches for.
  bool take(std::uint64_t index, const EntryHead& head);
  // nullopt: no entry told a time.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> latest() const { return latest_; }
  // The newest entry that says an officer confirmed the clock.
  [[nodiscard]] std::optional<std::uint64_t> confirmed_at() const { return confirmed_at_; }

 private:
  bool any_vouched_{false};
  std::optional<std::chrono::sys_seconds> latest_{};
  std::optional<std::uint64_t> confirmed_at_{};
};

}  // namespace keyrite::transcript
