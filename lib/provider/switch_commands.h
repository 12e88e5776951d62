// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a person runs at a cloud so that consumers use the next version of a key: AWS KMS rotates to
// the material that waits, or moves an alias; Google makes a version the primary one. At Azure the
// import under the key's name is the switch, so there is no command. Every word that somebody chose
// is quoted. Pure, any thread.
#pragma once

#include <optional>
#include <string>

#include "base/key_type.h"
#include "provider/key_place.h"
#include "provider/state_commands.h"

namespace keyrite::provider {

enum class SwitchBy {
  kRotateInPlace,  // AWS: the KMS key has the material of both versions
  kMoveAlias,      // AWS
  kSetPrimary,     // Google, symmetric encryption
  kConsumers       // they name the version themselves
};

// Whether one version of such a key encrypts for everybody (Google).
[[nodiscard]] bool has_primary_version(const KeyPlace& place, const KeyType& type);

// nullopt: the registry does not know the cloud's key or version; and where consumers choose.
[[nodiscard]] std::optional<std::string> switch_command(const CloudKeyVersion& key, SwitchBy by);
// What the cloud says of itself after the switch, or of the one that was done before.
[[nodiscard]] std::optional<StateQuestion> switch_question(const CloudKeyVersion& key, SwitchBy by);

}  // namespace keyrite::provider
