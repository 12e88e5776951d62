// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The page's template (mustache: every {{value}} is escaped) and its style sheet. Constants.
#pragma once

#include <string_view>

namespace keyrite::certificate {

[[nodiscard]] std::string_view page_template();
// What stands between <style> and </style>, byte for byte: the page's policy has its SHA-256.
[[nodiscard]] std::string_view page_style();

}  // namespace keyrite::certificate
