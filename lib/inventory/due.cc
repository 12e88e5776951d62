#include "inventory/due.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/internal/key_json.h"
#include "inventory/internal/rows.h"
#include "inventory/inventory.h"

namespace keyrite::inventory {

namespace {

using registry::PlacementState;
using registry::Time;
using std::chrono::days;

constexpr std::uint32_t kLongestDays = 3650;
constexpr std::int64_t kEveryOne = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 8> kWords{
    "rotation",  "material-expires",   "acceptance-ends", "sign-off",
    "key-owner", "credential-expires", "credential-due",  "credential-owner"};
constexpr std::array<std::string_view, 8> kForPeople{
    "rotation",      "material expires",   "acceptance ends", "sign-off",
    "owner missing", "credential expires", "credential due",  "owner missing"};

std::string_view for_people(DueWhat what) { return kForPeople.at(static_cast<std::size_t>(what)); }

DueItem item_of(DueWhat what, const HeldKey& held, std::optional<Time> when,
                std::string detail = {}) {
  return {.what = what,
          .tenant = tenant_text(held.tenant),
          .tenant_id = held.tenant.id,
          .key = key_text(held.key),
          .id = held.key.id,
          .detail = std::move(detail),
          .when = when};
}

std::string where(const ServedPlace& place, const PlacedVersion& placed) {
  return fmt::format("version {} at {}", placed.placement.id.number,
                     identifier_text(place.destination));
}

void add_placed(std::vector<DueItem>& items, const HeldKey& held, const ServedPlace& place,
                const PlacedVersion& placed, Time until) {
  const auto& one = placed.placement;
  if (!holds_material(one.state) || one.state == PlacementState::kDeletionScheduled) return;
  if (one.material_expires && *one.material_expires <= until)
    items.push_back(
        item_of(DueWhat::kMaterialExpires, held, one.material_expires, where(place, placed)));
  const auto& verdict = placed.verdict;
  if (verdict && verdict->to == registry::word(PlacementState::kAccepted) && verdict->until &&
      *verdict->until <= until)
    items.push_back(item_of(DueWhat::kAcceptanceEnds, held, verdict->until, where(place, placed)));
}

// The last sign-off of a key, or when it was added.
Time signed_off(const registry::Stores& stores, const registry::Key& key) {
  if (const auto last = stores.keys.last_sign_off(key.id)) return last->mark.at;
  const auto batch = stores.log.find(key.batch);
  return batch ? batch->opened : Time{};
}

// Names of tenants, each looked up once.
class TenantNames {
 public:
  explicit TenantNames(const registry::Stores& stores) : stores_(stores) {}
  const std::string& of(const std::string& id) {
    const auto known = names_.find(id);
    if (known != names_.end()) return known->second;
    const auto tenant = stores_.tenants.find(id);
    return names_.emplace(id, tenant ? tenant_text(*tenant) : id).first->second;
  }

 private:
  const registry::Stores& stores_;
  std::map<std::string, std::string> names_{};
};

}  // namespace

std::vector<DueItem> due_credentials(const registry::Stores& stores, Time until) {
  std::vector<DueItem> items;
  TenantNames names(stores);
  const auto add = [&](DueWhat what, const registry::Credential& one, std::optional<Time> when) {
    items.push_back(
        {.what = what,
         .tenant = names.of(one.tenant),
         .tenant_id = one.tenant,
         .key = fmt::format("{}/{}", printable(one.service), printable(one.environment)),
         .id = one.id,
         .when = when});
  };
  for (const auto& one : stores.credentials.expired_until(until, kEveryOne))
    add(DueWhat::kCredentialExpires, one, one.expires);
  for (const auto& one : stores.credentials.due_until(until, kEveryOne))
    add(DueWhat::kCredentialDue, one, one.due);
  for (const auto& one : stores.credentials.ownerless(kEveryOne))
    add(DueWhat::kCredentialOwner, one, std::nullopt);
  return items;
}

namespace {

Json due_json(const DueItem& item, Time now) {
  return {{"what", due_word(item.what)},
          {"tenant", item.tenant},
          {"tenant_id", item.tenant_id},
          {"name", item.key},
          {"id", item.id},
          {"detail", item.detail},
          {"time", time_json(item.when)},
          {"overdue", !item.when || *item.when <= now}};
}

std::string when_text(const DueItem& item, Time now) {
  if (!item.when) return "now";
  return (*item.when <= now ? "OVERDUE " : "") + day_text(*item.when);
}

std::string text_of_items(const std::vector<DueItem>& items, Time now) {
  // What is left of 80 columns beside a day and the longest words.
  constexpr std::size_t kWideDue = 38;
  std::vector<std::vector<std::string>> rows{{"when", "what", "key (tenant)"}};
  for (const auto& item : items) {
    const std::string whose = fmt::format("{} ({})", item.key, item.tenant);
    const std::string cut = cut_words(whose, kWideDue);
    rows.push_back({when_text(item, now), std::string(for_people(item.what)),
                    cut == whose ? whose : fmt::format("{}, id {}", cut, item.id)});
    if (!item.detail.empty()) rows.push_back({"", "", cut_words(item.detail, kWideDue)});
  }
  return format_table(rows);
}

std::string csv_of_items(const std::vector<DueItem>& items, Time now) {
  std::string table = csv_row({"when", "what", "overdue", "tenant", "name", "id", "detail"});
  for (const auto& item : items) {
    const bool overdue = !item.when || *item.when <= now;
    table += csv_row({item.when ? day_text(*item.when) : "", std::string(due_word(item.what)),
                      overdue ? "yes" : "no", item.tenant, item.key, item.id, item.detail});
  }
  return table;
}

days within_of(const ListDueRequest& request) {
  const std::uint32_t within = request.within.value_or(kDueWithinDays);
  if (within <= kLongestDays) return days(within);
  throw Error(Kind::kUsage, "within-too-long", fmt::format("--within is {} days", within),
              fmt::format("give at most {} days", kLongestDays));
}

}  // namespace

std::string_view due_word(DueWhat what) { return kWords.at(static_cast<std::size_t>(what)); }

std::vector<DueItem> due_of(const HeldKey& held, Time signed_off, Time until) {
  std::vector<DueItem> items;
  if (held.is_over()) return items;
  if (held.key.due && *held.key.due <= until)
    items.push_back(item_of(DueWhat::kRotation, held, held.key.due));
  if (signed_off + days(kSignOffDays) <= until)
    items.push_back(item_of(DueWhat::kSignOff, held, signed_off + days(kSignOffDays)));
  if (!held.owner()) items.push_back(item_of(DueWhat::kKeyOwner, held, std::nullopt));
  for (const auto& place : held.places) {
    for (const auto& placed : place.placed) add_placed(items, held, place, placed, until);
  }
  return items;
}

void sort_due(std::vector<DueItem>& items) {
  std::ranges::stable_sort(items, {}, [](const DueItem& item) {
    return std::tuple(item.when.value_or(Time::min()), item.tenant, item.key, item.id);
  });
}

std::vector<DueItem> due_items(const registry::Stores& stores, Time until) {
  std::vector<DueItem> items;
  for (const auto& held : held_keys(stores, std::nullopt)) {
    for (auto& item : due_of(held, signed_off(stores, held.key), until))
      items.push_back(std::move(item));
  }
  for (auto& item : due_credentials(stores, until)) items.push_back(std::move(item));
  sort_due(items);
  return items;
}

Shown shown_due(const std::vector<DueItem>& items, Time now, days within, bool csv) {
  Shown shown;
  if (csv) {
    shown.table = csv_of_items(items, now);
    return shown;
  }
  shown.document = {{"within_days", within.count()}, {"due", Json::array()}};
  for (const auto& item : items) shown.document["due"].push_back(due_json(item, now));
  shown.text.push_back(items.empty() ? fmt::format("nothing is due within {} days", within.count())
                                     : text_of_items(items, now));
  return shown;
}

Shown list_due(const ListDueRequest& request, const act::Context& context, bool json) {
  require_one_form(json, request.csv);
  const auto within = within_of(request);
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const Time now = time_of(context);
  return shown_due(due_items(*view.operator->(), now + within), now, within, request.csv);
}

}  // namespace keyrite::inventory
