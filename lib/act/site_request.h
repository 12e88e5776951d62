// The site of an act: the fields that every logged act shares. Tables as in act/request.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"

namespace keyrite::act {

struct SiteRequest {
  std::optional<std::string> site{};
  std::optional<std::string> operator_name{};
  std::optional<std::uint32_t> wait{};  // seconds, for another act that writes the log
  std::vector<std::string> approval{};  // files
  std::optional<std::string> campaign{};

  [[nodiscard]] static const std::vector<Field<SiteRequest>>& table();
  // Of acts that nobody need approve.
  [[nodiscard]] static const std::vector<Field<SiteRequest>>& table_without_approval();
};

}  // namespace keyrite::act
