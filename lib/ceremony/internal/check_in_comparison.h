// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether each seat that was filled by a signature was filled by it: the text that was signed is
// beside the log, and names ceremony, file, role and person. Internal to ceremony/verification.cc;
// reads through `read`.
#pragma once

#include <vector>

#include "ceremony/model.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"

namespace keyrite::ceremony {

// Codes "check-in-unproven" (text or signature is not beside the log, or the signature is not one
// over the text), "check-in-other" (it is for another ceremony, file or role), "check-in-twice"
// (one person, or one key, fills two seats).
[[nodiscard]] std::vector<Difference> differences_of_seats(const Ceremony& ceremony,
                                                           const Story& story,
                                                           const ReadEvidence& read);

}  // namespace keyrite::ceremony
