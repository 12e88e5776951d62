// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The template of the page's body (mustache: every {{value}} is escaped); page/page.h has what is
// before it. A constant.
#pragma once

#include <string_view>

namespace keyrite::certificate {

[[nodiscard]] std::string_view page_template();

}  // namespace keyrite::certificate
