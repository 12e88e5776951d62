// Which token, and where its PINs come from: the fields that every act at a token shares. Tables as
// in act/request.h; the PIN itself is never a field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/request.h"

namespace keyrite::act {

struct TokenRequest {
  std::string token{};
  std::optional<std::string> module{};
  std::optional<std::string> module_init_args{};
  std::optional<std::uint32_t> pin_fd{};
  std::optional<std::string> pin_file{};

  [[nodiscard]] static const std::vector<Field<TokenRequest>>& table();
};

// The security officer's PIN, for acts that log in as SO.
struct SoPinRequest {
  std::optional<std::uint32_t> so_pin_fd{};
  std::optional<std::string> so_pin_file{};

  [[nodiscard]] static const std::vector<Field<SoPinRequest>>& table();
};

}  // namespace keyrite::act
