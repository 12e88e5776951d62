// What an act looks at before it begins: its input files, and a person's answer. What is refused
// there stands in the log of the site, so that an attack that was met leaves a trace. One thread.
#pragma once

#include <string_view>

#include "act/context.h"
#include "base/error.h"

namespace keyrite::act {

// Whether an Error says that a person or a file was not what it should be: kConfig, kPin,
// kVerification, kWaiting. What the command line got wrong, an outage and a full disk are no such
// thing.
[[nodiscard]] bool is_untruth(const Error& error);

// Logs it as "refused"; nothing without context.site, in a dry run, and for an Error that is no
// untruth. Where it cannot be logged: `error` itself, with that said after it.
void log_untruth(const Context& context, std::string_view act, const Error& error);

// Runs what comes before an act; what it refuses is logged, then thrown on.
template <class Step>
auto with_refusals_logged(const Context& context, std::string_view act, const Step& step) {
  try {
    return step();
  } catch (const Error& error) {
    log_untruth(context, act, error);
    throw;
  }
}

}  // namespace keyrite::act
