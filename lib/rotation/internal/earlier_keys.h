// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// By which key of a cloud whatever was made under an earlier version is opened or verified, after
// the switch too: by the name that consumers have, or by that key alone. Reads the registry; one
// thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "registry/transaction.h"
#include "rotation/standing.h"

namespace keyrite::rotation {

// For each destination in service and each version before the one that is meant, as far as the
// cloud has it: {destination, provider, version, by, by_name}. `by` is the name of the destination
// where `by_name` says so, else an identifier of the cloud, or null: the registry does not know it.
[[nodiscard]] Json earlier_keys(const registry::Stores& stores, const Standing& standing);

// For people: those that the name of the destination does not reach.
[[nodiscard]] std::vector<std::string> earlier_lines(const Json& earlier);

}  // namespace keyrite::rotation
