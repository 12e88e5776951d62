#include "act/act.h"

#include <utility>

#include <fmt/format.h>

namespace keyrite::act {

TokenSession& AtWork::token() const {
  if (token_ != nullptr) return *token_;
  throw Error(Kind::kInternal, "no-token", "an act on files asked for a token",
              "this is a defect of keyrite");
}

Error made_but(const Lasting& lasting, const Error& cause) {
  std::string message = fmt::format("{}; {}", cause.message(), lasting.made);
  // The log has an intent then, and resume looks for what was made.
  if (cause.code() == "result-not-logged")
    return {Kind::kUnknownOutcome, "result-not-logged", std::move(message), cause.hint()};
  return {Kind::kUnknownOutcome, lasting.code, std::move(message), lasting.hint};
}

}  // namespace keyrite::act
