// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// One entry of a log, found without reading those before it: the file is halved at the numbers that
// its lines have. What a line says of its number is not believed: the entry is the one whose leaf
// hash the caller knows. Reads files; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "transcript/log_reader.h"

namespace keyrite::transcript {

struct FoundEntry {
  LogStart start{};
  std::string line{};
};

// nullopt where the halving does not come to a line with this number and leaf hash (lower-case
// hex): the log was changed, or has lines of 0.1.0 that are no entries. A whole reading tells more.
[[nodiscard]] std::optional<FoundEntry> find_entry(const std::string& log, std::uint64_t seq,
                                                   std::string_view leaf);

// The last line before `start` that `is_wanted`, among the nearest 256 KiB. nullopt: none there.
[[nodiscard]] std::optional<std::string> find_before(
    const std::string& log, const LogStart& start,
    const std::function<bool(std::string_view line)>& is_wanted);

}  // namespace keyrite::transcript
