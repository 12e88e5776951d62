// A key of the inventory as programs read it: what list has of each, and what show has besides.
#pragma once

#include "base/json.h"
#include "inventory/inventory_keys.h"

namespace keyrite::inventory {

[[nodiscard]] Json time_json(const std::optional<registry::Time>& time);
[[nodiscard]] Json to_json(const HeldKey& held);
[[nodiscard]] Json to_json(const ServedPlace& place);
[[nodiscard]] Json to_json(const PlacedVersion& placed);

}  // namespace keyrite::inventory
