#include "act/logged_step.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace keyrite::act {

namespace {

constexpr const char* kResumeHint =
    "correct the problem that the message names last, then run keyrite resume";

Error unexpected(std::string_view what) {
  return {Kind::kInternal, "internal", fmt::format("unexpected: {}", what),
          "this is a defect of keyrite; look at the token before running again"};
}

std::uint64_t done_with_rows(ActLog& log, const ToLog& result, Signing signing) {
  try {
    return log.done(result.facts, result.registry.value());
  } catch (...) {
    const Error error = caught();
    if (signing == Signing::kNow) log.sign_what_failed();
    throw Error(error);
  }
}

}  // namespace

Error refused_unlogged(const Error& error, const Error& second) {
  Error both(
      error.kind(), error.code(),
      fmt::format("{}; keyrite cannot log this refusal: {}", error.message(), second.message()),
      error.hint());
  // Never assigned to itself: that would empty it.
  Error whole =
      error.compared() ? std::move(both).with_compared(*error.compared()) : std::move(both);
  return error.ckr() ? std::move(whole).with_ckr(*error.ckr()) : whole;
}

Error caught() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return unexpected(error.what());
  } catch (...) {
    return unexpected("an exception of no known type");
  }
}

Error unlogged_result(const Error& error, const Error& second) {
  return {Kind::kUnknownOutcome, "result-not-logged",
          fmt::format("{}; keyrite cannot log this result: {}", error.message(), second.message()),
          kResumeHint};
}

void log_failure(ActLog& log, const Error& error, const LogFacts& found) {
  if (!log.intended() && error.kind() == Kind::kUsage) return;
  try {
    log.failed(error, found);
  } catch (const Error& second) {
    if (!log.intended()) throw refused_unlogged(error, second);
    throw unlogged_result(error, second);
  }
}

std::uint64_t log_done(ActLog& log, const Intent& intent, const ToLog& result, Signing signing) {
  // What fails with its rows says so itself.
  std::optional<std::uint64_t> entry;
  if (result.registry) entry = done_with_rows(log, result, signing);
  try {
    if (!entry) entry = log.done(result.facts);
    if (signing == Signing::kNow) log.sign();
    return *entry;
  } catch (const Error& error) {
    throw Error(Kind::kUnknownOutcome, "result-not-logged",
                fmt::format("{} is done, but keyrite cannot log its result: {}", intent.act,
                            error.message()),
                kResumeHint);
  }
}

}  // namespace keyrite::act
