// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether the folders that rotate was given are there, and are those of the key. One thread.
#pragma once

#include "registry/transaction.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// Error kUsage "rotate-folder": the folder of --parameters or --answers is missing, or has nothing
// of the one key that is named. Where all keys are due it may have nothing yet.
void require_folders_of(const RotateRequest& request, const registry::Stores& stores);

}  // namespace keyrite::rotation
