// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The pictures of a report, as SVG that stands in the page itself: no number is only in a picture,
// and no meaning only in a colour. They scale with the page; their colours are those of its style.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "page/tables.h"
#include "report/facts.h"

namespace keyrite::report {

using page::Picture;  // whatever came from elsewhere is escaped in it

[[nodiscard]] Picture states_picture(const Report& report);
// nullopt where nothing serves, or nothing is to come.
[[nodiscard]] std::optional<Picture> ages_picture(const Report& report);
[[nodiscard]] std::optional<Picture> calendar_picture(const Report& report);
[[nodiscard]] std::optional<Picture> unwraps_picture(const Report& report);

// Rules of the page's style for them.
[[nodiscard]] std::string_view picture_style();

}  // namespace keyrite::report
