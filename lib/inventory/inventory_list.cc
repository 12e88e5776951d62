// The table of keyrite inventory list, for people, programs and spreadsheets.
#include <fmt/format.h>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/internal/key_json.h"
#include "inventory/internal/rows.h"
#include "inventory/inventory.h"
#include "inventory/inventory_keys.h"

namespace keyrite::inventory {

namespace {

using TextRows = std::vector<std::vector<std::string>>;

constexpr const char* kOwnerMissing = "OWNER MISSING";
// What is left of 80 columns beside the two narrow ones.
constexpr std::size_t kWideList = 58;

std::string placed_text(const ServedPlace& place) {
  std::string text = identifier_text(place.destination) + ":";
  if (place.destination.retired) text += " retired";
  bool first = !place.destination.retired.has_value();
  for (const auto& placed : place.placed) {
    text += fmt::format("{} {} {}, {}", first ? "" : ";", placed.placement.id.number,
                        registry::word(placed.placement.state), proof_text(placed));
    first = false;
  }
  if (place.placed.empty() && !place.destination.retired) text += " nothing yet";
  return text;
}

std::string active_text(const HeldKey& held) {
  const auto* active = held.active();
  return active == nullptr ? "-" : std::to_string(active->id.number);
}

void add_listed(TextRows& rows, const HeldKey& held) {
  rows.push_back({active_text(held), held.key.due ? day_text(*held.key.due) : "-",
                  whose_text(held.tenant, held.key, kWideList)});
  const auto more = [&](const std::string& text) {
    rows.push_back({"", "", cut_words(text, kWideList)});
  };
  more(fmt::format("{}, {}: {}", printable(held.key.type), registry::word(held.key.usage),
                   states_text(held.versions)));
  for (const auto& place : held.places) more(placed_text(place));
  if (!held.owner() && !held.is_over()) more(kOwnerMissing);
}

std::string csv_of(const std::vector<HeldKey>& keys) {
  std::string table = csv_row({"tenant", "key", "id", "type", "usage", "owner", "active version",
                               "versions", "rotate by", "destinations"});
  for (const auto& held : keys) {
    std::string places;
    for (const auto& place : held.places)
      places += (places.empty() ? "" : " | ") + placed_text(place);
    const auto* active = held.active();
    table += csv_row(
        {tenant_text(held.tenant), key_text(held.key), held.key.id, printable(held.key.type),
         std::string(registry::word(held.key.usage)), printable(held.owner().value_or("")),
         active == nullptr ? "" : std::to_string(active->id.number), states_text(held.versions),
         held.key.due ? day_text(*held.key.due) : std::string(), places});
  }
  return table;
}

}  // namespace

void require_one_form(bool json, bool csv) {
  if (!json || !csv) return;
  throw Error(Kind::kUsage, "json-and-csv", "--json and --csv both say what is printed",
              "give one of the two");
}

Shown shown_keys(const std::vector<HeldKey>& keys, bool csv) {
  Shown shown;
  if (csv) {
    shown.table = csv_of(keys);
    return shown;
  }
  shown.document = {{"keys", Json::array()}};
  TextRows rows{{"active", "rotate by", "key (tenant), versions, destinations"}};
  for (const auto& held : keys) {
    shown.document["keys"].push_back(to_json(held));
    add_listed(rows, held);
  }
  shown.text.push_back(keys.empty() ? "there are no keys" : format_table(rows));
  return shown;
}

Shown list_keys(const ListKeysRequest& request, const act::Context& context, bool json) {
  require_one_form(json, request.csv);
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  std::optional<std::string> tenant;
  if (request.tenant) tenant = tenant_named(view->tenants, *request.tenant).id;
  return shown_keys(held_keys(*view.operator->(), tenant), request.csv);
}

}  // namespace keyrite::inventory
