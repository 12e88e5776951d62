// An officer accepts that a cloud holds a version although nothing proves it: a decision, logged,
// with a reason and an end within 365 days. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::inventory {

struct AcceptRequest {
  std::string tenant{};
  std::string key{};
  std::string destination{};
  std::optional<std::string> provider{};
  std::optional<std::uint32_t> version{};
  std::string reason{};
  std::string until{};
  [[nodiscard]] static const std::vector<act::Field<AcceptRequest>>& table();
};

// The placement goes from imported to accepted; one that is accepted gets a new reason and end.
// Errors: those of Registry; kUsage "site-not-given", "name-invalid", "tenant-unknown",
// "key-unknown", "destination-unknown", "destination-ambiguous", "time-invalid",
// "acceptance-until" (in the past, or more than 365 days ahead), "version-unknown",
// "version-not-given"; kFailed "transition-illegal", "destination-retired"; kVerification
// "decision-edited".
[[nodiscard]] act::Act accept_placement(const AcceptRequest& request);

}  // namespace keyrite::inventory
