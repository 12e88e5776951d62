// What the verdict of verify-import makes of a placement: the bundle's manifest is a copy on
// record, its version has a placement for the bundle's cloud key, and that placement goes where the
// verdict says. Reads the registry; keeps nothing; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/registry_rows.h"
#include "base/error.h"
#include "imports/verify_import.h"
#include "registry/transaction.h"

namespace keyrite::imports {

// The placement that a verdict is about, and what becomes of it.
struct RecordedVerdict {
  registry::Placement placement{};
  registry::Destination destination{};
  std::vector<registry::PlacementState> states{};  // those it goes through now; empty: it stays
  bool destroyed{false};                           // the version, by the registry
  // The same of the version's placements at other destinations that have this cloud key too.
  std::vector<RecordedVerdict> also{};
  [[nodiscard]] registry::PlacementState reached() const {
    return states.empty() ? placement.state : states.back();
  }
};

// nullopt where the registry knows nothing of the bundle, or has no placement for its cloud key.
[[nodiscard]] std::optional<RecordedVerdict> recorded_verdict(const registry::Stores& stores,
                                                              const AnswersReport& report);
// The states that lead from `now` to what the verdict says: proven and different by way of
// imported. A placement that serves, or is to be deleted, is not made to serve less by a proof.
[[nodiscard]] std::vector<registry::PlacementState> states_after(registry::PlacementState now,
                                                                 provider::Verdict verdict);
// SHA-256 of the canonical JSON of the list of the answers' SHA-256, in the order of the entry.
[[nodiscard]] std::string evidence_sha256(const AnswersReport& report);

// Nothing where the placement stays as it is.
[[nodiscard]] std::optional<act::RegistryRows> rows_of(const RecordedVerdict& recorded,
                                                       const AnswersReport& report);
// With "also", a list of the same, where other destinations have the cloud key.
[[nodiscard]] Json to_json(const RecordedVerdict& recorded);
// The cloud uses a version that is destroyed, and whose deletion nobody is waiting for:
// kVerification "destroyed-at-cloud".
[[nodiscard]] std::optional<Error> alarm_of(const RecordedVerdict& recorded,
                                            provider::Verdict verdict);
[[nodiscard]] std::string text_of(const RecordedVerdict& recorded);  // for people

}  // namespace keyrite::imports
