// A refusal that comes before an act has opened its log: a wrapping key that is not the expected
// one, a person's "no", a file that is not what it says, a PIN that is wrong. It leaves an entry
// "refused", with its code and both fingerprints. One thread.
#pragma once

#include <cstddef>
#include <string>

#include "act/context.h"
#include "act/pins.h"
#include "base/error.h"
#include "pkcs11/module.h"
#include "pkcs11/token.h"

namespace keyrite::act {

// Whose refusal it is. The token is known once one was found.
struct Refused {
  std::string act{};
  std::string run{};
  const Pins* pins{nullptr};
  std::size_t pins_from{0};  // see ActLog::tell_of
  const pkcs11::TokenInfo* token{nullptr};
  const pkcs11::ModuleInfo* module{nullptr};
};

// Opens the log of context.site for this one entry. Where that fails: `error` itself, with that
// said after it.
void log_refusal(const Context& context, const Refused& refused, const Error& error);

}  // namespace keyrite::act
