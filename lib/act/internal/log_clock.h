// This machine's clock beside the times that a site's log proves: who may set a clock back revives
// no approval, and a log does not go on as if it were earlier. Pure, any thread.
#pragma once

#include "approval/statement.h"
#include "base/clock.h"
#include "transcript/history.h"

namespace keyrite::act {

// The later one of the clock and the log's latest time: what approvals are judged by. Import
// parameters are a cloud's and are judged by the clock.
[[nodiscard]] TimePoint judging_time(TimePoint now, const transcript::History& history);

// Whether the clock is behind the log by more than transcript::kClockTolerance.
[[nodiscard]] bool is_behind(TimePoint now, const transcript::History& history);
// Error kVerification "clock-set-back" when it is.
void require_clock(TimePoint now, const transcript::History& history);

// Whether a statement is older than the last time that an officer confirmed the clock: by which
// clock it was asked for, nobody can tell then.
[[nodiscard]] bool is_before_clock(const approval::Statement& statement,
                                   const transcript::History& history);
// Error kVerification "statement-before-clock" when it is.
void require_after_clock(const approval::Statement& statement, const transcript::History& history);

}  // namespace keyrite::act
