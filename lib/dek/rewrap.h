// dek rewrap: records move from earlier versions of a tenant's key to the active one, and the data
// keys in them stay what they are, which the token shows by wrapping them back. Those that the
// registry keeps, or a file of records. A record that is there already is passed over, so it can be
// run again. An act in parts, each of a thousand at most. One thread calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "act/act.h"
#include "base/error.h"
#include "dek/requests.h"

namespace keyrite::dek {

inline constexpr const char* kRewrapAct = "dek-rewrap";

// Errors kUsage "dek-file-pair": one of --from and --out without the other; "dek-jobs"; those of
// RecordSource and GrowingFile, key_named, active_kek, kek_on_record for kUnwrapForRewrap, open_kek
// and rewrap_data_keys; kFailed "deks-interrupted"; after the log has it: kUnknownOutcome
// "deks-not-given-out". What was not moved is the act's finding, as of unwrap_deks; of a record
// that another act changed meanwhile kFailed "dek-changed-meanwhile".
[[nodiscard]] act::Act rewrap_deks(const RewrapRequest& request);

// What came of a rewrap that is a step of something else.
struct RewrapTally {
  std::uint64_t moved{0};          // of an act that failed too
  std::optional<Error> refusal{};  // what would be the act's finding
};
// The same, whose refusals are in `tally` when it has ended, and are not thrown.
[[nodiscard]] act::Act rewrap_deks(const RewrapRequest& request,
                                   const std::shared_ptr<RewrapTally>& tally);

}  // namespace keyrite::dek
