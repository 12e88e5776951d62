#include "transcript/entry_time.h"

#include "transcript/event.h"

namespace keyrite::transcript {

namespace {

// A number of `digits` at `at`; -1 for anything else.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool is_below(int number, int limit) { return number >= 0 && number < limit; }

}  // namespace

std::optional<std::chrono::sys_seconds> entry_time(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (const std::size_t at : {4U, 7U, 10U, 13U, 16U, 19U})
    if (text[at] != kForm[at]) return std::nullopt;
  const int year = number_at(text, 0, 4);
  const int month = number_at(text, 5, 2);
  const int day = number_at(text, 8, 2);
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || !is_below(hour, 24) || !is_below(minute, 60) ||
      !is_below(second, 60))
    return std::nullopt;
  const auto date = std::chrono::year(year) / month / day;
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

bool LogClock::take(std::uint64_t index, const EntryHead& head) {
  const auto time = entry_time(head.time);
  any_vouched_ = any_vouched_ || head.vouched;
  if (!time || (any_vouched_ && !head.vouched)) return true;
  const bool confirmed = head.event == kClockConfirmed && head.vouched;
  if (confirmed) confirmed_at_ = index;
  if (confirmed || !latest_ || *time > *latest_) {
    latest_ = time;
    return true;
  }
  return *time + kClockTolerance >= *latest_;
}

}  // namespace keyrite::transcript
