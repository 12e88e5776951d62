// What a person runs at a cloud when a version of a key stops serving there, or serves again: one
// command, and the question how it is now, every word that somebody chose quoted. Pure, any thread.
#pragma once

#include <optional>
#include <string>

#include "provider/provider.h"

namespace keyrite::provider {

// A key of a cloud, as a registry has it. `cloud_key`, `cloud_version`: as the cloud's answers
// named them, the bare id or the whole identifier.
struct CloudKeyVersion {
  Provider provider{};
  std::string account{};
  std::string container{};
  std::string name{};
  std::string region{};
  std::optional<std::string> profile{};  // AWS
  std::optional<std::string> cloud_key{};
  std::optional<std::string> cloud_version{};
};

enum class CloudChange { kDisable, kEnable, kScheduleDeletion };

// AWS disables and deletes a whole KMS key, with all of its material; Azure deletes a whole key;
// else it is one version.
[[nodiscard]] bool changes_whole_key(Provider provider, CloudChange change);

// nullopt: the registry does not know the cloud's key or version, without which nothing can be
// said.
[[nodiscard]] std::optional<std::string> state_command(const CloudKeyVersion& key,
                                                       CloudChange change);

// The command that prints the state, and what it prints after the change.
struct StateQuestion {
  std::string command{};
  std::string wanted{};
};
// nullopt as state_command; and where the cloud has nothing to ask any more: a deleted key of
// Azure.
[[nodiscard]] std::optional<StateQuestion> state_question(const CloudKeyVersion& key,
                                                          CloudChange change);

}  // namespace keyrite::provider
