// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The public half of the next version, for those who verify or encrypt. One thread.
#pragma once

#include "act/context.h"
#include "base/json.h"
#include "rotation/requests.h"
#include "rotation/standing.h"

namespace keyrite::rotation {

// Of the version that is meant, into --output as PEM: {version, sha256, file}; null where there is
// none. Errors: those of logged_public_half and replace_file.
[[nodiscard]] Json give_public_half(const RotateRequest& request, const act::Context& context,
                                    const Standing& standing);

}  // namespace keyrite::rotation
