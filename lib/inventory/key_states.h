// A version of a tenant's key is suspended, resumed, deactivated, or marked as compromised: logged
// acts on files, by the legal transitions (registry/states.h). What the clouds do is not theirs:
// they say which command a person runs at each. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::inventory {

struct MoveVersionRequest {
  std::string name{};
  std::string tenant{};
  std::optional<std::uint32_t> version{};
  std::string reason{};
  std::optional<std::string> output{};  // folder for the clouds' scripts
  [[nodiscard]] static const std::vector<act::Field<MoveVersionRequest>>& table();
};

// Errors of all: those of Registry and of write_new_folder; kUsage "site-not-given",
// "name-invalid", "tenant-unknown", "key-unknown", "version-unknown", "version-not-given" (several
// could be meant); kFailed "transition-illegal", "version-frozen"; kVerification "decision-edited".
[[nodiscard]] act::Act suspend_version(const MoveVersionRequest& request);
// Error kFailed "version-not-alone": another version became active meanwhile.
[[nodiscard]] act::Act resume_version(const MoveVersionRequest& request);
[[nodiscard]] act::Act deactivate_version(const MoveVersionRequest& request);
[[nodiscard]] act::Act compromise_version(const MoveVersionRequest& request);

}  // namespace keyrite::inventory
