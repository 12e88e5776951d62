// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The public half of a version out of the log, which has it since the pair was made. One thread.
#pragma once

#include <optional>

#include "crypto/public_key.h"
#include "registry/model.h"
#include "site/site.h"

namespace keyrite::keys {

// nullopt: a secret key, or one that was not made here. Errors: those of each_registry_entry and
// PublicKey::from_spki; kVerification "version-differs": the registry has another SHA-256.
[[nodiscard]] std::optional<crypto::PublicKey> logged_public_half(const site::Site& site,
                                                                  const registry::Version& version);

}  // namespace keyrite::keys
