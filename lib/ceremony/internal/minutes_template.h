// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The body of the minutes (mustache: every {{value}} is escaped). Constant.
#pragma once

#include <string_view>

namespace keyrite::ceremony {

[[nodiscard]] std::string_view minutes_template();

}  // namespace keyrite::ceremony
