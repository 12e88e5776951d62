// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether the request of an act in the log is the one that its ceremony was begun with. Internal to
// ceremony/verification.cc; pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "ceremony/step_acts.h"
#include "ceremony/story.h"

namespace keyrite::ceremony {

// A sentence for each field that differs. `opening`: the intent that opened the ceremony.
[[nodiscard]] std::vector<std::string> request_differences(const ActRow& row, const ToldAct& act,
                                                           const Json& opening);

}  // namespace keyrite::ceremony
