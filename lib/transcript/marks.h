// What a report must say about a log's signed entries, besides each entry itself: for which ones
// nobody vouches, and where the time ran back. Fed entry by entry; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "transcript/entry.h"
#include "transcript/entry_time.h"

namespace keyrite::transcript {

class EntryMarks {
 public:
  void take(std::uint64_t index, std::string_view line);
  // The same by its head.
  void take(std::uint64_t index, const std::optional<EntryHead>& head);
  // Written by nobody who held the token: anybody who could write the log can have written them.
  // In the order of the log.
  [[nodiscard]] const std::vector<EntryRange>& unvouched() const { return unvouched_; }
  [[nodiscard]] bool is_unvouched(std::uint64_t index) const;
  // Entries whose time is earlier than an entry before them tells, by more than kClockTolerance,
  // and no officer confirmed the clock between.
  [[nodiscard]] const std::vector<std::uint64_t>& set_back() const { return set_back_; }

 private:
  LogClock clock_{};
  std::vector<EntryRange> unvouched_{};
  std::vector<std::uint64_t> set_back_{};
};

}  // namespace keyrite::transcript
