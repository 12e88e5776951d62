// What an act will do, in the words of its request. The transcript records it before the act does
// it, and approvers approve it. Plain data; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/wrapping.h"

namespace keyrite::act {

// What a campaign compares: which keys of tenants an act is about, by their ids in the registry,
// for which destinations it wraps, and why the wrapping keys are believed.
struct Covers {
  std::vector<std::string> keys{};
  std::vector<std::string> destinations{};
  std::vector<WrappingKeyBasis> bases{};
};

struct Intent {
  std::string act{};                // "wrap-for-import"
  std::vector<std::string> also{};  // what policy may ask approvals for beside the act:
                                    // "trust-wrapping-key"
  RecordedRequest request{};
  // What the request's files came to, which decides what leaves and whither: cloud key, import job,
  // region, algorithm, fingerprints. Its names are names too.
  RecordedRequest inputs{};
  std::optional<std::string> label{};      // of the key
  std::optional<std::string> id{};         // its CKA_ID, hex
  std::vector<std::string> outputs{};      // files and folders that will be made
  std::optional<TimePoint> valid_until{};  // after it the inputs are of no use: approvals end then
  Covers covers{};
  // Files on which the act relies, and which an auditor needs years later: kept beside the log.
  std::vector<Bytes> evidence{};
};

// "wrap-for-import with trust-wrapping-key"
[[nodiscard]] std::string operation_of(const Intent& intent);
[[nodiscard]] std::string operation_of(const std::string& act,
                                       const std::vector<std::string>& also);

}  // namespace keyrite::act
