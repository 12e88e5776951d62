// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The steps of a ceremony as its printed script shows them. Internal to script_page.cc; pure.
#pragma once

#include <vector>

#include "ceremony/internal/paper.h"
#include "ceremony/model.h"
#include "ceremony/references.h"

namespace keyrite::ceremony {

// One row for each; `known` has the inputs that are bound.
[[nodiscard]] Data script_steps(const Ceremony& ceremony, const std::vector<Step>& steps,
                                const ValueOf& known);
// What acts of these steps make that people write down: {number, title, name, fours or line}.
[[nodiscard]] Data values_to_copy(const Ceremony& ceremony, const ValueOf& known);

}  // namespace keyrite::ceremony
