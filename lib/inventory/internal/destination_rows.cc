#include "inventory/internal/destination_rows.h"

#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

std::vector<provider::ImportOptions> parts_of(const PlaceOptions& options) {
  return {static_cast<const provider::aws::ImportOptions&>(options),
          static_cast<const provider::azure::ImportOptions&>(options),
          static_cast<const provider::google::ImportOptions&>(options)};
}

}  // namespace

Json destination_json(const std::string& tenant, const std::string& key,
                      const registry::Destination& row) {
  return {{"tenant", tenant},
          {"key", key},
          {"id", row.id},
          {"provider", row.provider},
          {"account", row.account},
          {"container", row.container},
          {"name", row.name},
          {"region", row.region},
          {"region_declared", row.region_declared},
          {"wrapping", row.algorithm},
          {"options", parse_json(as_bytes(row.options), "options")},
          {"retired", row.retired ? Json(time_text(*row.retired)) : Json()},
          {"retired_reason", text_json(row.retired_reason)}};
}

Json given_options(const PlaceOptions& options, provider::Provider provider) {
  Json given = Json::object();
  for (const auto& part : parts_of(options)) {
    const Json stored = provider::stored_options(part);
    const auto of = provider::provider_of(part);
    if (of == provider) {
      given = stored;
    } else if (!stored.empty()) {
      throw Error(Kind::kUsage, "option-not-for-provider",
                  fmt::format("a destination at {} does not take --{}",
                              provider::provider_title(provider), stored.items().begin().key()),
                  fmt::format("leave it out: it is an option of {}", provider::provider_title(of)));
    }
  }
  return given;
}

Json said_options(const PlaceOptions& options) {
  Json said = Json::object();
  for (const auto& part : parts_of(options)) said.update(provider::stored_options(part));
  return said;
}

}  // namespace keyrite::inventory
