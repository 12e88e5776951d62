// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A version at a cloud as the cloud's own commands name it. Pure, any thread.
#pragma once

#include "provider/state_commands.h"
#include "registry/model.h"

namespace keyrite::imports {

[[nodiscard]] provider::CloudKeyVersion cloud_version_of(const registry::Destination& destination,
                                                         const registry::Placement& placement);

}  // namespace keyrite::imports
