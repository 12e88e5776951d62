// In which site an act is done: the fields that every logged act shares. Tables as in
// acts/request.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/request.h"

namespace keyrite::acts {

struct SiteRequest {
  std::optional<std::string> site{};
  std::optional<std::string> operator_name{};
  std::vector<std::string> approval{};  // files

  [[nodiscard]] static const std::vector<Field<SiteRequest>>& table();
  // Of acts that nobody need approve.
  [[nodiscard]] static const std::vector<Field<SiteRequest>>& table_without_approval();
};

}  // namespace keyrite::acts
