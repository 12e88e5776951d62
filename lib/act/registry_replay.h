// What the log says about the registry, read back from its entries: which batches have an entry,
// which states followed, which decisions are in force. The same function moves states when an act
// is done and when resume brings a registry up to its log. Reads files; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "registry/transaction.h"
#include "site/site.h"

namespace keyrite::act {

// A result "done" that names a batch of rows.
struct RegistryEntry {
  std::string act{};
  std::string batch{};
  registry::Mark mark{};
  Json facts{};  // as they were logged, out of their side file where they have one
};
// The entry as RegistryEntry; nullopt where it names no batch. `line`: the entry's bytes. Errors:
// those of read_file, of parse_json; kVerification "registry-evidence" where the side file of its
// facts is not what the entry says.
[[nodiscard]] std::optional<RegistryEntry> registry_entry(const site::Site& site,
                                                          std::uint64_t index,
                                                          std::string_view line);
// Of all entries of the log from `first` on. Errors: those of read_log and registry_entry.
void each_registry_entry(const site::Site& site, std::uint64_t first,
                         const std::function<void(const RegistryEntry&)>& take);

// Moves the states that an entry tells of. What it tells of and the registry does not have is
// passed over, and so is a state that is reached. Returns how many were passed over. Errors: those
// of the stores.
std::size_t take_over(registry::Stores& stores, const RegistryEntry& entry);

// For Decisions::checked_...: the newest decision of each subject that the log has, read once.
[[nodiscard]] registry::DecisionInLog decisions_of(const site::Site& site);

}  // namespace keyrite::act
