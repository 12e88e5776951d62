// The script with which a person changes the state of keys at one cloud: POSIX sh, no secret in it.
// It runs the cloud's own commands one after the other, asks how each key is afterwards, and ends
// with another status than 0 when one of them is not as it should be, or was left out for a reason
// that it prints. With --print it only prints the commands. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provider/state_commands.h"

namespace keyrite::provider {

struct StateStep {
  std::string place{};                   // "alias/acme at AWS KMS", for people
  std::optional<std::string> command{};  // nullopt: `why_not` is told instead
  std::optional<StateQuestion> question{};
  std::string why_not{};
  // Of a switch: it follows from another step, so there is nothing to run.
  bool only_asks{false};
};

struct StateScript {
  Provider provider{};
  CloudChange change{};
  std::string version{};  // "version 2", for people
  std::vector<StateStep> steps{};
};

// The same for a switch to `script.version`, whatever `script.change` is: where the cloud says
// already that it is as it should be, nothing is done, so it may be run again. "aws-switch.sh".
[[nodiscard]] std::string switch_script_name(Provider provider);
[[nodiscard]] std::string switch_script(const StateScript& script);

// "aws-disable.sh"
[[nodiscard]] std::string state_script_name(Provider provider, CloudChange change);
// Error kUsage "text-has-nul".
[[nodiscard]] std::string state_script(const StateScript& script);

}  // namespace keyrite::provider
