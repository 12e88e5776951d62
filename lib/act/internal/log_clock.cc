#include "act/internal/log_clock.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::act {

TimePoint judging_time(TimePoint now, const transcript::History& history) {
  const auto latest = history.clock().latest();
  return latest ? std::max(now, TimePoint(*latest)) : now;
}

bool is_behind(TimePoint now, const transcript::History& history) {
  const auto latest = history.clock().latest();
  return latest && now + transcript::kClockTolerance < *latest;
}

void require_clock(TimePoint now, const transcript::History& history) {
  if (!is_behind(now, history)) return;
  throw Error(Kind::kVerification, "clock-set-back",
              fmt::format("this machine's clock says {}, and the log has an entry of {}",
                          format_rfc3339(now), format_rfc3339(*history.clock().latest())),
              "set the clock; if the clock is right and the entry is wrong, an officer confirms "
              "the present time: keyrite resume --confirm-clock TIME");
}

bool is_before_clock(const approval::Statement& statement, const transcript::History& history) {
  const auto confirmed = history.clock().confirmed_at();
  return confirmed && statement.log_size <= *confirmed;
}

void require_after_clock(const approval::Statement& statement, const transcript::History& history) {
  if (!is_before_clock(statement, history)) return;
  throw Error(Kind::kVerification, "statement-before-clock",
              fmt::format("the statement is older than the last confirmation of the clock (entry "
                          "{} of the log): nobody can tell whether it has expired",
                          *history.clock().confirmed_at()),
              "run the same command without --approval: keyrite then writes a new statement");
}

}  // namespace keyrite::act
