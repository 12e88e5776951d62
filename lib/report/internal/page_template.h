// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The template of a report's body (mustache: every {{value}} is escaped; what stands in three
// braces is a picture, which escapes its own texts), and its own rules of style. Constants.
#pragma once

#include <string_view>

namespace keyrite::report {

[[nodiscard]] std::string_view body_template();
[[nodiscard]] std::string_view table_style();

}  // namespace keyrite::report
