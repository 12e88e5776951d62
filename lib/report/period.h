// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Days of a report, in UTC. Plain values; pure, any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "registry/model.h"

namespace keyrite::report {

using registry::Time;

// From the beginning of its first day to the end of its last.
struct Period {
  Time from{};
  Time to{};  // the first moment that is not of it
  [[nodiscard]] bool has(Time at) const { return from <= at && at < to; }
};

// "2027-03-01"
[[nodiscard]] std::string day_of(Time at);
// The beginning of a day. Error kUsage "report-day", naming `option`.
[[nodiscard]] Time parse_day(std::string_view text, std::string_view option);

// Both days, which are of the period. Errors kUsage "report-day"; "report-period": one without the
// other, a last day before the first, or more than ten years.
[[nodiscard]] std::optional<Period> period_of(const std::optional<std::string>& from,
                                              const std::optional<std::string>& to);

// The same day of the next month, or the last day of that month.
[[nodiscard]] Time a_month_after(Time at);

}  // namespace keyrite::report
