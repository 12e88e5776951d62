// What a command shows that only reads. Plain data.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace keyrite::inventory {

struct Shown {
  Json document{};
  std::vector<std::string> text{};
};

}  // namespace keyrite::inventory
