// What a person does at each cloud where a version serves, when its state changes. Reads the
// registry; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "provider/state_commands.h"
#include "registry/registry.h"

namespace keyrite::inventory {

// At one placement that the cloud knows of.
struct CloudStep {
  registry::Destination row{};
  registry::PlacementState state{};
  std::optional<provider::CloudChange> change{};
  std::optional<std::string> command{};  // nullopt: nothing is to be done or nothing can be said
  std::optional<provider::StateQuestion> question{};
  std::vector<std::int64_t>
      also_stops{};    // versions that the command would stop too: there is none
  std::string note{};  // why there is no command
};

// What the clouds do as the version comes to `to`: they disable, enable, or go on.
[[nodiscard]] std::vector<CloudStep> cloud_steps(const registry::Stores& stores,
                                                 const registry::Version& version,
                                                 registry::VersionState to,
                                                 const registry::KeyPolicy& policy);
// A list of {destination, provider, placement, command, also_stops, note}.
[[nodiscard]] Json to_json(const std::vector<CloudStep>& steps);
[[nodiscard]] std::vector<std::string> advice_lines(const Json& advice);

// The same as scripts, one for each provider; and those that schedule the deletion of a version
// that is compromised and that nothing may use any more. Empty: nothing is to be done.
[[nodiscard]] std::vector<FolderFile> cloud_scripts(const registry::Stores& stores,
                                                    const registry::Version& version,
                                                    registry::VersionState to,
                                                    const registry::KeyPolicy& policy);

}  // namespace keyrite::inventory
