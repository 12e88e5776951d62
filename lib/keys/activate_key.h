// key activate: a version is validated in the token, gets its canary, and becomes the one that
// wraps. As an act at the token; a read-only session is enough for it. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/closing.h"
#include "act/request.h"

namespace keyrite::keys {

inline constexpr const char* kActivateKeyAct = "key-activate";

struct ActivateKeyRequest {
  std::string name{};
  std::string tenant{};
  std::optional<std::uint32_t> version{};
  [[nodiscard]] static const std::vector<act::Field<ActivateKeyRequest>>& table();
};

// Errors: those of tenant_key, require_activatable and validate_version.
[[nodiscard]] act::Act activate_key(const ActivateKeyRequest& request);

// What comes after a version was made or adopted (act/closing.h).
[[nodiscard]] act::NextStep activation_step(const std::string& tenant, const std::string& key,
                                            const act::Context& context);

}  // namespace keyrite::keys
