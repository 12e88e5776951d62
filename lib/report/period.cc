// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/period.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "transcript/entry_time.h"

namespace keyrite::report {

namespace {

using std::chrono::days;

constexpr std::size_t kDayBytes = 10;
constexpr days kLongestPeriod{3653};

[[noreturn]] void refuse_period(std::string_view why) {
  throw Error(Kind::kUsage, "report-period", std::string(why),
              "give both --from and --to, as 2027-01-01 and 2027-03-31, or none of them for the "
              "whole log");
}

}  // namespace

std::string day_of(Time at) { return format_rfc3339(at).substr(0, kDayBytes); }

Time parse_day(std::string_view text, std::string_view option) {
  if (const auto at = transcript::entry_time(std::string(text) + "T00:00:00Z")) return *at;
  throw Error(Kind::kUsage, "report-day",
              fmt::format("{} is \"{}\", which is not a day", option, printable(text)),
              "give a day as 2027-03-31");
}

std::optional<Period> period_of(const std::optional<std::string>& from,
                                const std::optional<std::string>& to) {
  if (!from && !to) return std::nullopt;
  if (!from || !to) refuse_period("a period has a first and a last day, and one is missing");
  const Period period{parse_day(*from, "--from"), parse_day(*to, "--to") + days(1)};
  if (period.to <= period.from) refuse_period("the period ends before it begins");
  if (period.to - period.from > kLongestPeriod)
    refuse_period("the period is longer than ten years");
  return period;
}

Time a_month_after(Time at) {
  const auto day = std::chrono::floor<days>(at);
  auto next = std::chrono::year_month_day(day) + std::chrono::months(1);
  if (!next.ok()) next = next.year() / next.month() / std::chrono::last;
  return std::chrono::sys_days(next) + (at - day);
}

}  // namespace keyrite::report
