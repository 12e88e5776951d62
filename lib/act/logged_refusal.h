// What an act checks before it opens a log: its input files, a person's answer, a PIN. A refusal
// leaves an entry "refused" in the log of the site, with its code, and with both fingerprints if
// two were compared. So an attack that was stopped leaves a trace. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "act/context.h"
#include "act/pins.h"
#include "base/error.h"
#include "pkcs11/module.h"
#include "pkcs11/token.h"

namespace keyrite::act {

// Whether an Error says that a person or a file was not what it should be: kConfig, kPin,
// kVerification, kWaiting. A wrong command line, an outage and a full disk are not refusals.
[[nodiscard]] bool is_refusal(const Error& error);

// Whose refusal it is. The token is known once one was found.
struct Refused {
  std::string act{};
  std::string run{};
  const Pins* pins{nullptr};
  std::size_t pins_from{0};  // see ActLog::log_pin_entries_of
  const pkcs11::TokenInfo* token{nullptr};
  const pkcs11::ModuleInfo* module{nullptr};
};

// Opens the log of context.site for this one entry. Where that fails: `error` itself, with that
// said after it.
void log_refusal(const Context& context, const Refused& refused, const Error& error);

// The same for an Error before any token is known; nothing without context.site, in a dry run, and
// for an Error that is not a refusal.
void log_if_refusal(const Context& context, std::string_view act, const Error& error);

// Runs what comes before an act; what it refuses is logged, then thrown on.
template <class Step>
auto with_refusals_logged(const Context& context, std::string_view act, const Step& step) {
  try {
    return step();
  } catch (const Error& error) {
    log_if_refusal(context, act, error);
    throw;
  }
}

}  // namespace keyrite::act
