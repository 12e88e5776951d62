// An act that has too many things to do for one entry of the log, and takes too long to keep others
// from writing it: it does them in parts. Its intent is signed once, with the approvals of all of
// them. Then nobody holds the log while the act is at the token, but for each part's entry and
// rows. An act that was killed leaves whole parts. One thread.
#pragma once

#include <cstdint>

#include "act/log_facts.h"
#include "act/registry_rows.h"

namespace keyrite::act {

class Parts {
 public:
  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  virtual ~Parts() = default;
  // One part, in registry and log when it returns; the index of its entry. It is signed within a
  // few seconds, by a later part or the act's result. Errors: those of ActLog, ActLog::go_on and
  // ActLog::part; kVerification "site-changed".
  virtual std::uint64_t write(const LogFacts& facts, const RegistryRows& rows) = 0;
};

}  // namespace keyrite::act
