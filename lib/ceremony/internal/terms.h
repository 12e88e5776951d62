// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The words of the field that a ceremony uses, explained for its paper. Internal to script_page.cc;
// pure.
#pragma once

#include <string_view>
#include <vector>

#include "ceremony/model.h"

namespace keyrite::ceremony {

struct Term {
  std::string_view term{};
  std::string_view meaning{};
};

// Those that occur in its texts, and those that every script needs.
[[nodiscard]] std::vector<Term> terms_of(const Ceremony& ceremony);

}  // namespace keyrite::ceremony
