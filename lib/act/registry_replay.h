// What the log says about the registry, read back from its entries: which batches have an entry,
// which states followed, which decisions are in force. The same function moves states when an act
// is done and when resume brings a registry up to date with its log. Reads files; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "registry/transaction.h"
#include "site/site.h"
#include "transcript/log_reader.h"

namespace keyrite::act {

// The acts that pin a wrapping key, and end that.
inline constexpr const char* kPinAct = "destination-pin";
inline constexpr const char* kUnpinAct = "destination-unpin";
// The acts that open a campaign, and close it.
inline constexpr const char* kOpenCampaignAct = "campaign-open";
inline constexpr const char* kCloseCampaignAct = "campaign-close";

// A result "done", or a part of an act, that names a batch of rows.
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
// `known`: what is before it is not read, where `first` is not among that.
void each_registry_entry(const site::Site& site, std::uint64_t first,
                         const std::function<void(const RegistryEntry&)>& take,
                         const transcript::LogStart& known = {});

// The entries of an act at the token, in the order of the log, for each of which the log's key
// vouches: what somebody without a token added is none. Errors: those of registry_entry;
// kVerification "decision-log-changed": the log is not what its checkpoint signs.
[[nodiscard]] std::vector<RegistryEntry> vouched_entries_of(const site::Site& site,
                                                            std::string_view act);

// Takes over what an entry tells of (registry_changes.h). Skips what the registry does not have,
// and what this entry brought about before. Returns how many of the first it skipped. Errors: those
// of take_change.
std::size_t take_over(registry::Stores& stores, const RegistryEntry& entry);

// For Decisions::checked_...: the newest decision of each subject that the log has, read once. Of a
// pinned key or a campaign only what the log's key vouches for; asked for one, it throws
// kVerification "decision-log-changed" where the log is not what its checkpoint signs.
// `before`: of the entries below this one alone, as a registry that is that far has them.
[[nodiscard]] registry::DecisionInLog decisions_of(
    const site::Site& site, std::optional<std::uint64_t> before = std::nullopt);

}  // namespace keyrite::act
