// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a rotation waits for, for people and programs: what somebody does next at each destination.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "rotation/standing.h"

namespace keyrite::rotation {

// "payments (Acme)"
[[nodiscard]] std::string key_text(const Standing& standing);

// One destination that the waiting version is not proven at, or that has not switched to the active
// one: {destination, provider, state, do}.
[[nodiscard]] Json waits_json(const Standing& standing);
// The same, two lines for each.
[[nodiscard]] std::vector<std::string> waits_lines(const Standing& standing);

}  // namespace keyrite::rotation
