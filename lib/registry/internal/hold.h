// Legal hold: nothing of the tenant is destroyed or forgotten.
#pragma once

#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "registry/decisions.h"
#include "registry/internal/sql.h"

namespace keyrite::registry::internal {

// A hold that waits for its log entry holds too. Error kFailed "legal-hold".
inline void require_no_hold(Sql& sql, std::string_view tenant, std::string_view what) {
  const auto hold = Decisions(sql).hold_on(tenant);
  if (!hold) return;
  throw Error(
      Kind::kFailed, "legal-hold",
      fmt::format("tenant {} is on legal hold ({}: {}); nothing to {} there", printable(tenant),
                  printable(hold->authority), printable(hold->reason), what),
      "tenant release ends the hold, with an entry in the log");
}

}  // namespace keyrite::registry::internal
