// An act of a site, done by the library in a process of its own, which may be killed within its
// work: what the act leaves on the disk and in the token then is what a killed tool leaves. One
// thread; no module is loaded in the test's own process.
#pragma once

#include <functional>
#include <string>

#include "act/intent.h"
#include "act/token_session.h"
#include "cli/site_room.h"

namespace keyrite::test {

// Ends the process as a kill from outside does.
void kill_this_process();

// The code of the Error that the act threw, "done", or "killed".
[[nodiscard]] std::string outcome_in_child(const SiteRoom& scene, const act::Intent& intent,
                                           const Words& approvals,
                                           const std::function<void(act::TokenSession&)>& work);

// Drops the lines of the log that no checkpoint signs, as whoever may write the folder can.
void cut_unsigned_lines(const SiteRoom& scene);

}  // namespace keyrite::test
