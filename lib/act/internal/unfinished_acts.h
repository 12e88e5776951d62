// Acts that began and have no result in the log: their process was killed, or the machine lost
// power. What they left is looked for at the token and on the disk, told to the person, and logged.
// One session, one thread.
#pragma once

#include "act/act_log.h"
#include "act/context.h"
#include "act/token_session.h"

namespace keyrite::act {

// An intent as its own log holds it: signed or not, it was read with the log.
struct Unfinished {
  transcript::OpenIntent open{};
  Json entry{};                                             // an object
  [[nodiscard]] std::string field(const char* name) const;  // empty where it is no text
  [[nodiscard]] std::string text() const;  // "generate-kek of 2026-11-27T12:00:00Z (entry 5)"
};
// Without those that a process is still at work on (act/internal/under_way.h).
[[nodiscard]] std::vector<Unfinished> unfinished_acts(const ActLog& log);

// Logs a "settled" entry for each. An array of {"act", "run", "intent", "time", "found"}; "found"
// has "objects" (of each CKA_ID of the intent, how many the token holds) and "outputs" (whether
// each file or folder of the intent is there; null where its name was erased, or with
// "cannot_be_looked_at" and the system's error, "ELOOP"). Errors: those of
// Session::find, require_login and LogWriter::append.
[[nodiscard]] Json settle_unfinished(ActLog& log, TokenSession& token, const Context& context);
// Only tells the person of them, where there is no token to look at.
void tell_unfinished(const ActLog& log, const Context& context);

}  // namespace keyrite::act
