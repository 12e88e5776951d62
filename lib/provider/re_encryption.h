// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// How what a cloud encrypted under one version of a key comes under another: the cloud's own
// command for one ciphertext. Every word that somebody chose is quoted. Pure, any thread.
#pragma once

#include <optional>
#include <string>

#include "provider/state_commands.h"

namespace keyrite::provider {

// CIPHERTEXT stands for the file with one ciphertext, and the new one is printed. nullopt: the
// registry does not know the cloud's key, or the cloud has no command that does both at once: what
// is not symmetric at AWS, Azure, Google.
[[nodiscard]] std::optional<std::string> re_encryption_command(const CloudKeyVersion& from,
                                                               const std::string& to);

}  // namespace keyrite::provider
