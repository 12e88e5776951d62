// Everything that the registry has of one key.
#include <algorithm>

#include <fmt/format.h>

#include "base/key_origin.h"
#include "base/text.h"
#include "inventory/internal/key_json.h"
#include "inventory/internal/rows.h"
#include "inventory/inventory.h"
#include "inventory/inventory_keys.h"

namespace keyrite::inventory {

namespace {

using ShownRows = std::vector<std::vector<std::string>>;

constexpr std::size_t kWideShow = 56;  // of 80 columns, beside the widest label

void add_row(ShownRows& rows, const std::string& label, const std::string& text) {
  rows.push_back({label, cut_words(text, kWideShow)});
}

void add_events(ShownRows& rows, const std::vector<registry::StateEvent>& events) {
  for (const auto& event : events) {
    add_row(rows, "",
            fmt::format("{} {}, by {}, entry {}", event.to, time_text(event.mark.at),
                        printable(event.mark.actor), event.mark.entry.seq));
  }
}

Json copies_json(const registry::Stores& stores, const registry::VersionId& id) {
  Json list = Json::array();
  for (const auto& copy : stores.copies.of(id)) {
    const bool token = copy.form == registry::CopyForm::kToken;
    list.push_back({{"form", registry::word(copy.form)},
                    {"state", registry::word(copy.state)},
                    {"token_serial", token ? Json(copy.token_serial) : Json()},
                    {"member", token ? Json(copy.member) : Json()},
                    {"id", token ? Json(to_hex(copy.cka_id)) : Json()},
                    {"sha256", token ? Json() : Json(copy.sha256)},
                    {"events", to_json(stores.copies.events(copy.id))}});
  }
  return list;
}

Json check_values_json(const registry::Stores& stores, const registry::VersionId& id) {
  Json list = Json::array();
  for (const auto& one : stores.versions.check_values(id))
    list.push_back({{"alg", one.algorithm}, {"value", one.value}});
  return list;
}

Json deks_json(const std::vector<registry::DekCount>& counts, const registry::VersionId& id) {
  const auto found = std::ranges::find(counts, id, &registry::DekCount::version);
  const registry::DekCount count = found == counts.end() ? registry::DekCount{} : *found;
  return {{"here", count.here}, {"caller", count.caller}, {"gone", count.gone}};
}

Json version_json(const registry::Stores& stores, const registry::Version& version,
                  const std::vector<registry::DekCount>& counts) {
  const auto canary = stores.versions.canary(version.id);
  Json made;
  if (canary) made = {{"mechanism", canary->mechanism}, {"created", time_text(canary->created)}};
  return {{"number", version.id.number},
          {"state", registry::word(version.state)},
          {"frozen_by", version.frozen_by ? Json(*version.frozen_by) : Json()},
          {"id", to_hex(version.cka_id)},
          {"public_key_sha256", text_json(version.public_key_sha256)},
          {"origin", key_origin_name(version.origin)},
          {"check_values", check_values_json(stores, version.id)},
          {"canary", std::move(made)},
          {"deks", deks_json(counts, version.id)},
          {"copies", copies_json(stores, version.id)},
          {"events", to_json(stores.versions.events(version.id))}};
}

void add_copies(ShownRows& rows, const registry::Stores& stores, const registry::VersionId& id) {
  for (const auto& copy : stores.copies.of(id)) {
    const bool token = copy.form == registry::CopyForm::kToken;
    add_row(rows, fmt::format("  {}", registry::word(copy.form)),
            token ? fmt::format("{}{}{}: {}", printable(copy.token_serial),
                                copy.member.empty() ? "" : " member ", printable(copy.member),
                                registry::word(copy.state))
                  : fmt::format("{}: {}", copy.sha256, registry::word(copy.state)));
  }
}

void add_version(ShownRows& rows, const registry::Stores& stores, const registry::Version& version,
                 const std::vector<registry::DekCount>& counts) {
  add_row(rows, fmt::format("version {}", version.id.number),
          fmt::format("{}{}", registry::word(version.state),
                      version.frozen_by ? fmt::format(", frozen by entry {}", *version.frozen_by)
                                        : std::string()));
  add_events(rows, stores.versions.events(version.id));
  add_row(rows, "  CKA_ID", to_hex(version.cka_id));
  for (const auto& one : stores.versions.check_values(version.id))
    add_row(rows, "  check value", fmt::format("{} {}", one.value, printable(one.algorithm)));
  add_copies(rows, stores, version.id);
  const Json deks = deks_json(counts, version.id);
  add_row(rows, "  wrapped keys",
          fmt::format("{} here, {} kept by callers, {} gone", deks["here"].get<std::int64_t>(),
                      deks["caller"].get<std::int64_t>(), deks["gone"].get<std::int64_t>()));
}

void add_place(ShownRows& rows, const ServedPlace& place) {
  add_row(rows, "destination",
          fmt::format("{}, region {}{}", identifier_text(place.destination),
                      printable(place.destination.region),
                      place.destination.region_declared ? " (declared)" : ""));
  if (place.destination.retired)
    add_row(rows, "",
            fmt::format("retired {}: {}", day_text(*place.destination.retired),
                        or_dash(place.destination.retired_reason)));
  for (const auto& placed : place.placed) {
    add_row(rows, fmt::format("  version {}", placed.placement.id.number),
            fmt::format("{}, {}{}", registry::word(placed.placement.state), proof_text(placed),
                        placed.placement.material_expires
                            ? ", expires " + day_text(*placed.placement.material_expires)
                            : std::string()));
    add_events(rows, placed.events);
  }
}

Json sign_off_json(const std::optional<registry::SignOff>& sign_off) {
  if (!sign_off) return {};
  return {{"time", time_text(sign_off->mark.at)},
          {"actor", sign_off->mark.actor},
          {"report_sha256", sign_off->report_sha256},
          {"entry", sign_off->mark.entry.seq}};
}

ShownRows rows_of_key(const HeldKey& held) {
  ShownRows rows;
  add_row(rows, "key", key_text(held.key));
  add_row(rows, "tenant", tenant_text(held.tenant));
  add_row(rows, "id", held.key.id);
  add_row(rows, "type", printable(held.key.type));
  add_row(rows, "usage", std::string(registry::word(held.key.usage)));
  add_row(rows, "owner", held.owner() ? printable(*held.owner()) : "MISSING");
  add_row(rows, "next rotation", held.key.due ? day_text(*held.key.due) : "-");
  return rows;
}

}  // namespace

Shown show_held_key(const ShowHeldKeyRequest& request, const act::Context& context) {
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const registry::Stores& stores = *view.operator->();
  const auto held = held_key(stores, tenant_named(stores.tenants, request.tenant),
                             key_named(stores, request.tenant, request.name));
  const auto counts = stores.deks.counts(held.key.id);
  const auto sign_off = stores.keys.last_sign_off(held.key.id);
  Json document = to_json(held);
  document["versions"] = Json::array();
  auto rows = rows_of_key(held);
  add_row(rows, "signed off",
          sign_off ? fmt::format("{}, by {}, entry {}", time_text(sign_off->mark.at),
                                 printable(sign_off->mark.actor), sign_off->mark.entry.seq)
                   : "never");
  for (const auto& version : held.versions) {
    document["versions"].push_back(version_json(stores, version, counts));
    add_version(rows, stores, version, counts);
  }
  for (std::size_t i = 0; i < held.places.size(); ++i) {
    auto& placements = document["destinations"][i]["placements"];
    for (std::size_t j = 0; j < held.places[i].placed.size(); ++j)
      placements[j]["events"] = to_json(held.places[i].placed[j].events);
    add_place(rows, held.places[i]);
  }
  document["sign_off"] = sign_off_json(sign_off);
  return {.document = std::move(document), .text = {format_table(rows)}};
}

}  // namespace keyrite::inventory
