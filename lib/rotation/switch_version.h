// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The switch of a rotation: the version that waits is validated and becomes active, and the one
// before is deactivated by the same entry of the log (keys/activation.h). One thread.
#pragma once

#include "act/act.h"
#include "keys/validate_version.h"
#include "rotation/requests.h"

namespace keyrite::rotation {

// `one`: tenant and key, and what else the log keeps of the command. Errors: those of
// keys::prepared_activation.
[[nodiscard]] act::Act switch_version(const RotateRequest& one, keys::Beside beside);

}  // namespace keyrite::rotation
