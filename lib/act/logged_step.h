// The steps of an act whose failure is a result in the log before it is an Error of the tool. One
// thread.
#pragma once

#include <cstdint>

#include "act/act_log.h"
#include "act/intent.h"
#include "base/error.h"

namespace keyrite::act {

// What is being thrown, as an Error: nothing else may pass the log by. Only in a catch clause.
[[nodiscard]] Error caught();

// `error` with `second` told after it: what cannot be logged.
[[nodiscard]] Error refused_unlogged(const Error& error, const Error& second);

// `error`, whose result cannot be logged: kUnknownOutcome "result-not-logged", which states both.
[[nodiscard]] Error unlogged_result(const Error& error, const Error& second);

// When the log fails too: unlogged_result(); but `error` with the same added to it if there was no
// intent, since nothing was begun then. A usage Error before an intent makes no entry. `found`:
// what was seen before it failed.
void log_failure(ActLog& log, const Error& error, const LogFacts& found = {});

// Runs one step of an act; what it throws is a result in the log, then thrown on.
template <class Step>
decltype(auto) logged_step(ActLog& log, const Step& step) {
  try {
    return step();
  } catch (...) {
    const Error error = caught();
    log_failure(log, error);
    throw Error(error);
  }
}

enum class Signing { kNow, kLater };
// The index of the result's entry. Errors kUnknownOutcome "result-not-logged" when the log fails
// after the act was done; those of ActLog::done with rows, after which the log is signed all the
// same where it can be.
std::uint64_t log_done(ActLog& log, const Intent& intent, const ToLog& result, Signing signing);

}  // namespace keyrite::act
