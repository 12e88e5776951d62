// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A bundle that is lost before its import, while its parameters live: somebody says so, and another
// one is made for the same version. What was lost may still be found and imported, so that it is
// told of for as long as it can be. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "rotation/requests.h"
#include "rotation/standing.h"

namespace keyrite::rotation {

// `one` has tenant, key, reason and, where the key has several bundles that wait for their import,
// the destination. The placement is withdrawn, so that parameters are asked for anew. Errors:
// kFailed "bundle-not-waiting" (no bundle of the version waits there), kUsage "rotate-what"
// (several wait, and none is named); those of destination_chosen and keep_text.
[[nodiscard]] act::Act lose_bundle(const RotateRequest& one);

// For people, of the version that is meant: bundles that were said to be lost, and whose parameters
// have not ended.
[[nodiscard]] std::vector<std::string> lost_bundles(const registry::Stores& stores,
                                                    const Standing& standing, registry::Time now);

}  // namespace keyrite::rotation
