// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/earlier_keys.h"

#include <fmt/format.h>

#include "base/key_type.h"
#include "base/text.h"
#include "imports/tenant_target.h"
#include "provider/switch_commands.h"
#include "registry/cloud_key.h"

namespace keyrite::rotation {

namespace {

// AWS: where the versions share a KMS key. Google: where the ciphertext says its version. At Azure
// the name is the newest version alone.
bool is_reached_by_name(const registry::Key& key, const Place& place,
                        const registry::Placement& earlier) {
  switch (provider::parse_provider(place.destination.provider)) {
    case provider::Provider::kAws:
      return place.placement &&
             registry::is_same_cloud_key({place.destination, place.placement->cloud_key},
                                         {place.destination, earlier.cloud_key});
    case provider::Provider::kGoogle:
      return provider::has_primary_version(imports::place_of(place.destination),
                                           parse_key_type(key.type));
    case provider::Provider::kAzure:
      break;
  }
  return false;
}

Json one_of(const registry::Key& key, const Place& place, const registry::Placement& earlier) {
  const bool by_name = is_reached_by_name(key, place, earlier);
  const bool is_aws = place.destination.provider == "aws";
  const auto& own = is_aws ? earlier.cloud_key : earlier.cloud_version;
  const auto by = by_name ? std::optional(place.destination.name) : own;
  return {{"destination", place.destination.name},
          {"provider", place.destination.provider},
          {"version", earlier.id.number},
          {"by", by ? Json(*by) : Json()},
          {"by_name", by_name}};
}

}  // namespace

Json earlier_keys(const registry::Stores& stores, const Standing& standing) {
  Json list = Json::array();
  if (!standing.meant()) return list;
  for (const auto& place : standing.places) {
    for (const auto& one : stores.placements.at(place.destination.id)) {
      if (one.id.number < standing.meant()->id.number && is_at_cloud(one))
        list.push_back(one_of(standing.key, place, one));
    }
  }
  return list;
}

std::vector<std::string> earlier_lines(const Json& earlier) {
  std::vector<std::string> lines;
  for (const auto& one : earlier) {
    if (one.at("by_name").get<bool>() || one.at("by").is_null()) continue;
    lines.push_back(fmt::format(
        "  {} \"{}\": what was made under version {} is opened or verified by {}",
        one.at("provider").get<std::string>(), printable(one.at("destination").get<std::string>()),
        one.at("version").get<std::int64_t>(), printable(one.at("by").get<std::string>())));
  }
  return lines;
}

}  // namespace keyrite::rotation
