// The [[operator]] tables of a roster: who may ask for acts and run them. Pure, any thread.
#pragma once

#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "approval/roster.h"

namespace keyrite::approval {

// Errors kConfig "roster-unknown-field", "roster-missing-field", "roster-wrong-type",
// "roster-identity-invalid", "roster-user-invalid", "roster-duplicate-identity".
[[nodiscard]] std::vector<Operator> read_operators(const toml::table& file,
                                                   std::string_view origin);

// A user's name is one person's: no two operators have it, and nobody else's identity is the same.
// Error kConfig "roster-duplicate-user".
void require_own_users(const Roster& roster, std::string_view origin);

}  // namespace keyrite::approval
