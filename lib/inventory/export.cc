#include "inventory/export.h"

#include <fmt/format.h>

#include "base/csv.h"
#include "base/error.h"
#include "base/key_origin.h"
#include "base/text.h"
#include "inventory/cbom.h"
#include "inventory/internal/rows.h"
#include "inventory/inventory.h"

namespace keyrite::inventory {

namespace {

using registry::StateEvent;

void require_one(const ExportRequest& request) {
  if (request.cbom != request.csv) return;
  throw Error(Kind::kUsage, "export-which",
              request.cbom ? "--cbom and --csv both say what is written"
                           : "the form of the export is not given",
              "give --cbom for a CycloneDX document, or --csv for a table");
}

std::string time_of_last(const std::vector<StateEvent>& events) {
  return events.empty() ? std::string() : time_text(events.back().mark.at);
}

std::string check_values_text(const registry::Stores& stores, const registry::VersionId& id) {
  std::string text;
  for (const auto& one : stores.versions.check_values(id))
    text += fmt::format("{}{} {}", text.empty() ? "" : " | ", one.algorithm, one.value);
  return text;
}

// A row for each version: what list --csv has a row for each key of.
std::string versions_table(const registry::Stores& stores, const std::vector<HeldKey>& keys) {
  std::string table =
      csv_row({"tenant", "key", "key id", "type", "usage", "owner", "version", "state", "since",
               "made", "CKA_ID", "origin", "check values", "public key SHA-256", "rotate by"});
  for (const auto& held : keys) {
    for (const auto& version : held.versions) {
      const auto events = stores.versions.events(version.id);
      const bool active = version.state == registry::VersionState::kActive;
      table += csv_row(
          {tenant_text(held.tenant), key_text(held.key), held.key.id, printable(held.key.type),
           std::string(registry::word(held.key.usage)), printable(held.owner().value_or("")),
           std::to_string(version.id.number), std::string(registry::word(version.state)),
           time_of_last(events), events.empty() ? "" : time_text(events.front().mark.at),
           to_hex(version.cka_id), std::string(key_origin_name(version.origin)),
           check_values_text(stores, version.id), version.public_key_sha256.value_or(""),
           active && held.key.due ? day_text(*held.key.due) : ""});
    }
  }
  return table;
}

}  // namespace

Shown export_inventory(const ExportRequest& request, const act::Context& context, bool json) {
  require_one(request);
  require_one_form(json, request.csv);
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const registry::Stores& stores = *view.operator->();
  std::optional<std::string> tenant;
  if (request.tenant) tenant = tenant_named(stores.tenants, *request.tenant).id;
  const auto keys = held_keys(stores, tenant);
  if (request.csv) return {.table = versions_table(stores, keys)};
  const auto& origin = site_of(context).settings.log.origin;
  const Json bom = cbom_of(stores, keys,
                           {.tool_version = context.tool_version,
                            .origin = origin,
                            .position = stores.log.position(origin),
                            .now = act::time_of(context)});
  return {.table = dump_json(bom)};
}

}  // namespace keyrite::inventory
