// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The switch of a rotation: the version that waits is validated and becomes active, and the one
// before is deactivated by the same entry of the log (keys/activation.h). One thread.
#pragma once

#include <string>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::rotation {

// `request`: what the log keeps of the command. Errors: those of keys::prepared_activation.
[[nodiscard]] act::Act switch_version(const std::string& tenant, const std::string& key,
                                      const act::RecordedRequest& request);

}  // namespace keyrite::rotation
