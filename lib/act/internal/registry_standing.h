// A site's registry beside its log: whether it has taken over all that the log tells, and what is
// done where it has not. Holds nothing; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "registry/registry.h"
#include "site/site.h"
#include "transcript/log_writer.h"

namespace keyrite::act {

// Where the log ends, as a registry notes it.
[[nodiscard]] registry::LogPosition end_of(const transcript::LogWriter& writer);
// The registry has taken over all entries up to there. Errors: those of LogLink::advance and
// Transaction::commit.
void note_end(registry::Registry& registry, const site::Site& site,
              const transcript::LogWriter& writer);

// Before an act: equal, or behind by entries that tell nothing of a registry, which are noted. A
// name of the log that the registry does not know, or a batch of rows that it did not bind, shows
// that it was put back. Errors kUnknownOutcome "registry-behind"; kVerification "registry-ahead",
// "registry-of-other-log"; those of read_log and of Transaction.
void require_level(registry::Registry& registry, const site::Site& site,
                   const transcript::LogWriter& writer);

// What resume did for the registry.
struct Levelled {
  std::uint64_t entries{};               // taken over
  std::size_t bound{};                   // batches that have their entry now
  std::vector<std::string> settled{};    // batches whose entry never came: their rows are gone
  std::vector<std::uint64_t> unknown{};  // entries that tell of rows that the registry has not
  // Batches of wrapped keys and canaries whose entry never came: they stay until their act is
  // settled.
  std::vector<std::string> wrapped{};
};
// Brings a registry that is behind up to its log, and settles each open batch by looking for its
// entry. Errors as require_level, without "registry-behind"; those of LogLink::take_back.
[[nodiscard]] Levelled level(registry::Registry& registry, const site::Site& site,
                             const transcript::LogWriter& writer);

// Batches of a run that wait for their entry.
[[nodiscard]] std::vector<std::string> open_batches_of(const registry::Registry& registry,
                                                       std::string_view run);
// After the entry that settled their run, which is the log's last: wrapped keys and canaries are
// never taken back, so their batches are bound to it; of the others nothing is left.
void settle_batches(registry::Registry& registry, const site::Site& site,
                    const transcript::LogWriter& writer, const std::vector<std::string>& batches);

}  // namespace keyrite::act
