// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a version leaves behind that is compromised: data keys that were under it, which a new
// wrapping does not heal, and what clouds encrypted under it. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/context.h"
#include "base/json.h"
#include "registry/transaction.h"
#include "rotation/requests.h"
#include "rotation/standing.h"
#include "site/site.h"

namespace keyrite::rotation {

// The ids of all data keys that were ever under the version, in their order: the log says it, the
// registry has only where they are now. Errors: those of each_registry_entry.
[[nodiscard]] std::vector<std::string> data_keys_once_under(const site::Site& site,
                                                            const registry::VersionId& version);

// {version, count, file}: with --output a JSON line for each of them; `file` is null without it,
// and where there is none. Errors: those of data_keys_once_under and replace_file.
[[nodiscard]] Json list_replacements(const RotateRequest& request, const act::Context& context,
                                     const registry::VersionId& version);

// For each place at a cloud that has a compromised version: {destination, provider, version,
// cloud_key, cloud_version, do, then}.
[[nodiscard]] Json re_encryptions(const registry::Stores& stores, const Standing& standing);

}  // namespace keyrite::rotation
