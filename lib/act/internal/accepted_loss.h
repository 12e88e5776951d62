// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A site whose last signed checkpoint is missing: nothing in the site shows any more whether the
// log was rolled back. A person says what was signed last, from a copy that is elsewhere. Reads
// files and asks; one thread.
#pragma once

#include <optional>

#include "act/context.h"
#include "act/resume.h"
#include "transcript/merkle.h"

namespace keyrite::act {

// What `request` accepts in place of the missing checkpoint, given as options or typed at the
// terminal; nullopt: nothing. Errors kUsage "last-signed-not-confirmed", "last-signed-not-missing";
// those of read_checkpoint.
[[nodiscard]] std::optional<transcript::TreeHead> accepted_loss(const ResumeRequest& request,
                                                                const Context& context);

}  // namespace keyrite::act
