// A report of who and what may use a key, as people and programs are shown it. Plain values; pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "inventory/inventory_keys.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct AccessReport {
  HeldKey held{};
  Json access{};
  std::string sha256{};  // of its canonical JSON, with the site's people in it
  std::optional<registry::SignOff> sign_off{};
};

// `people`: people_json() of the site.
[[nodiscard]] Shown shown_access(const Json& people, const std::vector<AccessReport>& reports);

}  // namespace keyrite::inventory
