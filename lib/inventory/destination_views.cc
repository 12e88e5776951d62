// What keyrite destination list and show read. Nobody holds the log meanwhile.
#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/text.h"
#include "inventory/destinations.h"
#include "inventory/internal/destination_rows.h"
#include "inventory/internal/rows.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using registry::Placement;

Json placements_json(const std::vector<Placement>& placements) {
  Json list = Json::array();
  for (const auto& one : placements) {
    list.push_back({{"version", one.id.number},
                    {"state", registry::word(one.state)},
                    {"cloud_key", text_json(one.cloud_key)},
                    {"cloud_version", text_json(one.cloud_version)},
                    {"material_expires",
                     one.material_expires ? Json(time_text(*one.material_expires)) : Json()}});
  }
  return list;
}

// Which of the jurisdictions allows the region, in one word; no claim about the cloud.
std::string_view jurisdiction_word(const registry::TenantPolicy& policy, std::string_view region) {
  if (policy.jurisdictions.empty()) return "any";
  return registry::allows_region(policy, region) ? "inside" : "outside";
}

std::string option_text(const Json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  if (!value.is_array()) return printable(value.dump());
  std::string text;
  for (const auto& one : value)
    text += (text.empty() ? "" : ", ") + printable(one.get<std::string>());
  return text;
}

std::vector<std::vector<std::string>> rows_of_place(const registry::Destination& row,
                                                    const Json& document) {
  const auto or_none = [](const std::string& text) {
    return text.empty() ? std::string("-") : printable(text);
  };
  std::vector<std::vector<std::string>> rows{
      {"destination", printable(row.name)},
      {"id", row.id},
      {"of key", printable(document.at("key").get<std::string>())},
      {"provider", printable(row.provider)},
      {"account", or_none(row.account)},
      {"container", or_none(row.container)},
      {"region", region_text(row)},
      {"jurisdictions", document.at("jurisdiction").get<std::string>()},
      {"wrapping", printable(row.algorithm)}};
  for (const auto& [name, value] : document.at("options").items())
    rows.push_back({name, option_text(value)});
  if (row.retired) {
    rows.push_back(
        {"retired", fmt::format("{}: {}", time_text(*row.retired), or_dash(row.retired_reason))});
  }
  for (const auto& one : document.at("placements")) {
    rows.push_back({fmt::format("version {}", one.at("version").get<std::int64_t>()),
                    one.at("state").get<std::string>()});
  }
  return rows;
}

}  // namespace

Shown list_destinations(const ListDestinationsRequest& request, const act::Context& context) {
  registry::Registry registry(site_of(context).path(site::kRegistryName));
  const auto view = registry.read();
  const auto tenant = tenant_named(view->tenants, request.tenant);
  std::vector<registry::Key> keys;
  if (request.key) {
    keys.push_back(key_named(*view.operator->(), request.tenant, *request.key));
  } else {
    keys = view->keys.of(tenant.id);
  }
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"key", "provider", "region", "destination"}};
  for (const auto& key : keys) {
    for (const auto& row : view->destinations.of(key.id)) {
      list.push_back(destination_json(request.tenant, key.name.value_or(""), row));
      rows.push_back({or_dash(key.name), printable(row.provider), region_text(row),
                      printable(row.name) + (row.retired ? " (retired)" : "")});
    }
  }
  if (rows.size() == 1) return {{{"destinations", list}}, {"there are no destinations"}};
  return {{{"destinations", std::move(list)}}, {format_table(rows)}};
}

Shown show_destination(const ShowDestinationRequest& request, const act::Context& context) {
  const auto& site = site_of(context);
  registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto tenant = tenant_named(view->tenants, request.tenant);
  const auto row = destination_chosen(*view.operator->(), request);
  const auto log = act::decisions_of(site);
  view->decisions.check_destination(row, log);
  Json document = destination_json(request.tenant, request.key, row);
  document["jurisdiction"] =
      jurisdiction_word(view->decisions.checked_tenant_policy(tenant.id, log), row.region);
  document["placements"] = placements_json(view->placements.at(row.id));
  auto rows = rows_of_place(row, document);
  return {std::move(document), {format_table(rows)}};
}

}  // namespace keyrite::inventory
