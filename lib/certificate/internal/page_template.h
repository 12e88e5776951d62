// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The page's template (mustache: every {{value}} is escaped). Constant.
#pragma once

#include <string_view>

namespace keyrite::certificate {

[[nodiscard]] std::string_view page_template();

}  // namespace keyrite::certificate
