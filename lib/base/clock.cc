#include "base/clock.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// 9999-12-31T23:59:59Z, the last time that RFC 3339 can write.
constexpr double kLastEpochSecond = 253402300799.0;
constexpr std::chrono::sys_days kFirst = std::chrono::year(0) / 1 / 1;
constexpr std::chrono::sys_days kEnd = std::chrono::year(10000) / 1 / 1;

[[noreturn]] void not_a_time(std::string_view text, std::string_view field) {
  throw Error(Kind::kConfig, "not-a-time",
              fmt::format("{}: \"{}\" is not a time", field, printable(text)),
              "write times as 2026-02-13T17:39:25Z");
}

// Reads fixed-width decimal fields from the front of a text.
class Reader {
 public:
  Reader(std::string_view text, std::string_view field)
      : whole_(text), rest_(text), field_(field) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  // Up to nine digits after the point, as microseconds.
  microseconds fraction() {
    std::int64_t nano = 0;
    std::size_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (++count > 9) fail();
      nano = nano * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    if (count == 0) fail();
    for (; count < 9; ++count) nano *= 10;
    return microseconds(nano / 1000);
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }
  [[noreturn]] void fail() const { not_a_time(whole_, field_); }

 private:
  std::string_view whole_;
  std::string_view rest_;
  std::string_view field_;
};

seconds read_offset(Reader& reader) {
  if (reader.take('Z') || reader.take('z')) return seconds(0);
  const bool west = reader.take('-');
  if (!west) reader.expect('+');
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  if (hours > 23 || minutes > 59) reader.fail();
  const seconds offset(hours * 3600 + minutes * 60);
  return west ? -offset : offset;
}

}  // namespace

std::string format_rfc3339(TimePoint when) {
  const auto whole = std::chrono::floor<seconds>(when);
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

TimePoint parse_rfc3339(std::string_view text, std::string_view field) {
  Reader reader(text, field);
  const int year = reader.digits(4);
  reader.expect('-');
  const int month = reader.digits(2);
  reader.expect('-');
  const int day = reader.digits(2);
  if (!reader.take('T') && !reader.take('t')) reader.expect(' ');
  const int hour = reader.digits(2);
  reader.expect(':');
  const int minute = reader.digits(2);
  reader.expect(':');
  const int second = reader.digits(2);
  const microseconds fraction = reader.take('.') ? reader.fraction() : microseconds(0);
  const seconds offset = read_offset(reader);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!reader.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) reader.fail();
  const auto whole =
      std::chrono::sys_days(date) + seconds(hour * 3600 + minute * 60 + second) - offset;
  // A leap second, which sys_time does not count, is the last one of a day in UTC.
  if (second == 60 && std::chrono::floor<std::chrono::days>(whole) != whole) reader.fail();
  // An offset can lead to years that nobody can write.
  if (whole < kFirst || whole >= kEnd) reader.fail();
  return whole + fraction;
}

TimePoint from_epoch_seconds(double value, std::string_view field) {
  if (!std::isfinite(value) || value < 0 || value > kLastEpochSecond)
    not_a_time(fmt::format("{}", value), field);
  return TimePoint(microseconds(std::llround(value * 1e6)));
}

std::string format_duration(std::chrono::seconds length) {
  const auto total = length.count();
  if (total >= 86400) return fmt::format("{} d {} h", total / 86400, total % 86400 / 3600);
  if (total >= 3600) return fmt::format("{} h {} min", total / 3600, total % 3600 / 60);
  if (total >= 60) return fmt::format("{} min {} s", total / 60, total % 60);
  return fmt::format("{} s", total);
}

}  // namespace keyrite
