// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What is to be done at the clouds after the registry's switch, so that their consumers use the
// active version too: scripts for whoever works there. One thread.
#pragma once

#include <vector>

#include "registry/transaction.h"
#include "rotation/internal/key_run.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// Where a script switches a cloud to the active version. keyrite does not see whether it ran: the
// keys are named until another version is active.
[[nodiscard]] std::vector<registry::Key> keys_with_scripts(const registry::Stores& stores);

// Into --output, one script for each cloud where the version before served. What is there already,
// and is the same, stays. Errors: those of write_new_folder and provider::switch_script.
void write_switch(const RotateRequest& request, KeyRun& run);

}  // namespace keyrite::rotation
