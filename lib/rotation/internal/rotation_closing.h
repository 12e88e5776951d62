// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run of rotate ends with, for people. Reads the manifests of its bundles; one thread.
#pragma once

#include <string>

#include "act/context.h"
#include "rotation/internal/key_run.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// What to write down of the bundles that were made for this key, and what comes next; empty where
// nothing does.
[[nodiscard]] std::string closing_of(const KeyRun& run, const RotateRequest& request,
                                     const act::Context& context);

}  // namespace keyrite::rotation
