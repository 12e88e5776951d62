// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The public half of the next version, for those who verify or encrypt: out of the log, which has
// it since the pair was made. One thread.
#pragma once

#include <optional>

#include "act/context.h"
#include "base/json.h"
#include "crypto/public_key.h"
#include "registry/model.h"
#include "rotation/requests.h"
#include "rotation/standing.h"
#include "site/site.h"

namespace keyrite::rotation {

// nullopt: a secret key, or one that was not made here. Errors: those of each_registry_entry and
// PublicKey::from_spki; kVerification "version-differs": the registry has another SHA-256.
[[nodiscard]] std::optional<crypto::PublicKey> logged_public_half(const site::Site& site,
                                                                  const registry::Version& version);

// Of the version that is meant, into --output as PEM: {version, sha256, file}; null where there is
// none. Errors: those of logged_public_half and replace_file.
[[nodiscard]] Json give_public_half(const RotateRequest& request, const act::Context& context,
                                    const Standing& standing);

}  // namespace keyrite::rotation
