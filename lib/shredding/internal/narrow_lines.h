// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines for a person at a terminal: none is longer than it is wide; what is indented stays so.
// Pure; any thread.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace keyrite::shredding {

[[nodiscard]] inline std::vector<std::string> narrow_lines(const std::vector<std::string>& lines) {
  std::vector<std::string> narrow;
  for (const auto& line : lines) {
    const std::string indent(std::min(line.find_first_not_of(' '), line.size()), ' ');
    for (const auto& part : wrap_words(line.substr(indent.size()), kColumns - indent.size()))
      narrow.push_back(indent + part);
  }
  return narrow;
}

}  // namespace keyrite::shredding
