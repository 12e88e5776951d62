// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said of a registry that was behind its log. Pure but for the notes; any thread.
#pragma once

#include "act/context.h"
#include "act/internal/registry_standing.h"
#include "base/json_fwd.h"

namespace keyrite::act {

// {"entries", "bound", "settled", "unknown"}
[[nodiscard]] Json to_json(const Levelled& levelled);
// What the registry did not have, and what nobody can know any more.
void tell_levelled(const Levelled& levelled, const Context& context);

}  // namespace keyrite::act
