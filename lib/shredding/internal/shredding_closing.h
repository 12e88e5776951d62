// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run of shred ends with, for people. Reads the folders that it wrote; one thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "shredding/requests.h"

namespace keyrite::shredding {

// The scripts of the `written` folders and the command that takes their answers; where all is gone
// (`over`) the command that writes the certificate. Empty: nothing comes next.
[[nodiscard]] std::string closing_of(const ShredRequest& request,
                                     const std::vector<std::string>& written, bool over,
                                     const act::Context& context);

}  // namespace keyrite::shredding
