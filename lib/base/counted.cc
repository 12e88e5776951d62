// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/counted.h"

#include <fmt/format.h>

namespace keyrite {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  if (count == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", count, one) : fmt::format("{} {}", count, many);
}

std::string counted_entries(std::uint64_t count) { return counted(count, "entry", "entries"); }

}  // namespace keyrite
