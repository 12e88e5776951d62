// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a ceremony's pages add to the look of all pages (page/page.h): boxes to write into, measures
// of a printed form, margins for a binder; begin and end of their body (mustache). Constants.
#pragma once

#include <string_view>

namespace keyrite::ceremony {

[[nodiscard]] std::string_view paper_style();
[[nodiscard]] std::string_view page_begin();
[[nodiscard]] std::string_view page_end();

}  // namespace keyrite::ceremony
