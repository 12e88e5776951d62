// Destinations as this room's acts and views have them in common. Nothing is kept; one thread.
#pragma once

#include <optional>
#include <string>

#include "act/chosen_destination.h"
#include "base/json.h"
#include "inventory/destinations.h"
#include "provider/key_place.h"
#include "registry/registry.h"

namespace keyrite::inventory {

using act::destination_chosen;
using act::place_text;
using act::region_text;

[[nodiscard]] Json destination_json(const std::string& tenant, const std::string& key,
                                    const registry::Destination& row);

// What somebody gave of the options of `provider`, by their names. Error kUsage
// "option-not-for-provider": an option of another cloud is given.
[[nodiscard]] Json given_options(const PlaceOptions& options, provider::Provider provider);

// Of all clouds: what is given.
[[nodiscard]] Json said_options(const PlaceOptions& options);

}  // namespace keyrite::inventory
