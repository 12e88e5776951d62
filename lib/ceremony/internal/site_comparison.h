// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a ceremony whose file makes the site is the one with which the log of this site begins.
// Internal to ceremony/verification.cc; pure.
#pragma once

#include <vector>

#include "ceremony/model.h"
#include "ceremony/story.h"
#include "ceremony/verification.h"

namespace keyrite::ceremony {

// Of a file that makes no site: none. Codes "site-opened-otherwise", "entered-otherwise".
[[nodiscard]] std::vector<Difference> differences_of_site(const Ceremony& ceremony,
                                                          const Story& story);

}  // namespace keyrite::ceremony
