// What a read-only command shows. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace keyrite::inventory {

// NOLINTNEXTLINE(bugprone-exception-escape): of its JSON, when memory is short
struct Shown {
  Json document{};
  std::vector<std::string> text{};
  std::optional<std::string> table{};  // CSV, asked for in the place of `text`
  int code{0};                         // 0, or a verdict (base/error.h)
};

}  // namespace keyrite::inventory
