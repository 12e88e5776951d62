// What an act writes into the site's registry because the log cannot hold it (names, the documents
// of decisions), and what its entry tells of that. Plain data; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "act/log_facts.h"
#include "registry/transaction.h"

namespace keyrite::act {

// One open batch of rows (registry/log_link.h). The entry of the result names it; what follows from
// the entry is written by take_over() (act/registry_replay.h), now or by resume.
struct RegistryRows {
  std::string batch{};            // its id: random hex
  std::string manifest_sha256{};  // of what is written, with its random ids
  std::int64_t records{1};
  // Writes the rows and says what the log may know of them. What it throws is the act's failure:
  // nothing is left then.
  std::function<LogFacts(registry::Stores& stores)> write{};
};

}  // namespace keyrite::act
