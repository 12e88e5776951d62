// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a ceremony that was to be aborted did its teardown, and nothing else. Internal to
// ceremony/verification.cc; pure.
#pragma once

#include <vector>

#include "ceremony/model.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"

namespace keyrite::ceremony {

// Of one that no entry says is to be aborted: none.
[[nodiscard]] std::vector<Difference> differences_of_abort(const Ceremony& ceremony,
                                                           const Story& story);

}  // namespace keyrite::ceremony
