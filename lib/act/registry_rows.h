// What an act writes into the site's registry because the log cannot hold it (names, the documents
// of decisions), and what its entry says about them. Plain data; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "act/log_facts.h"
#include "base/json.h"
#include "registry/transaction.h"

namespace keyrite::act {

struct Context;

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

// Now, by the clock of the context, as a registry keeps times.
[[nodiscard]] registry::Time time_of(const Context& context);

// 32 random digits of hex: an id, a salt.
[[nodiscard]] std::string random_id();

// `what` is bound by its SHA-256 together with the batch's id and a salt, which are random.
using WriteRows = std::function<LogFacts(registry::Stores& stores, const std::string& batch)>;
[[nodiscard]] RegistryRows rows_of(std::string_view act, const Json& what, std::size_t records,
                                   const WriteRows& write);

// What the log needs of an act that was done.
struct ToLog {
  LogFacts facts{};
  std::optional<RegistryRows> registry{};
};

}  // namespace keyrite::act
