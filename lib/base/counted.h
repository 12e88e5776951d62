// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A number of things, as people say it. Pure, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace keyrite {

// "1 entry", "2 entries"; without `many`, `one` with an s.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view one,
                                  std::string_view many = {});
// "1 entry", "2 entries": what a log counts.
[[nodiscard]] std::string counted_entries(std::uint64_t count);

}  // namespace keyrite
