// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which lines of a long log are parsed at all. Pure, any thread.
#pragma once

#include <cstring>
#include <string_view>

namespace keyrite::audit {

// What std::string_view::find says, which looks for the first character alone: a line has forty
// quotes, and each stops it.
[[nodiscard]] inline bool may_hold(std::string_view line, std::string_view part) {
  return ::memmem(line.data(), line.size(), part.data(), part.size()) != nullptr;
}

}  // namespace keyrite::audit
