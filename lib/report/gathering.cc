// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/gathering.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "inventory/inventory_keys.h"

namespace keyrite::report {

namespace {

std::vector<KeyFacts> keys_before(const Account& account, Names& names, Time before) {
  std::vector<KeyFacts> keys;
  for (const auto& [id, key] : account.keys()) {
    if (key.made.at < before) keys.push_back({names.of(key, id), key.type, key.usage, key.made});
  }
  std::ranges::sort(keys, {}, [](const KeyFacts& one) {
    return std::tuple(one.whose.tenant, one.whose.key, one.whose.key_id);
  });
  return keys;
}

std::vector<inventory::DueItem> ownerless_in(const registry::Stores& stores, Time now) {
  std::vector<inventory::DueItem> items;
  for (auto& item : inventory::due_items(stores, now)) {
    if (item.what == inventory::DueWhat::kKeyOwner ||
        item.what == inventory::DueWhat::kCredentialOwner)
      items.push_back(std::move(item));
  }
  return items;
}

std::optional<StateTold> copy_of(const StateTold* told) {
  return told == nullptr ? std::nullopt : std::optional(*told);
}

}  // namespace

std::string Names::tenant(const std::string& id) {
  const auto known = tenants_.find(id);
  if (known != tenants_.end()) return known->second;
  const auto tenant = stores_.tenants.find(id);
  const std::string name =
      inventory::tenant_text(tenant.value_or(registry::Tenant{.id = id.empty() ? "unknown" : id}));
  return tenants_.emplace(id, name).first->second;
}

Whose Names::of(const KeyTold& key, const std::string& id) {
  const auto known = stores_.keys.find(id);
  return {.tenant = tenant(key.tenant),
          .tenant_id = key.tenant,
          .key = known ? inventory::key_text(*known) : id,
          .key_id = id};
}

Whose Names::of_key(const Account& account, const std::string& id) {
  const auto key = account.keys().find(id);
  return of(key == account.keys().end() ? KeyTold{} : key->second, id);
}

bool is_version_over(const VersionTold& told, Time before) {
  const auto* now = state_at(told.states, before);
  return now != nullptr && now->state == "destroyed";
}

std::vector<VersionFacts> versions_at(const Account& account, Names& names, const Period& period) {
  std::vector<VersionFacts> versions;
  for (const auto& [id, told] : account.versions()) {
    const auto* end = state_at(told.states, period.to);
    if (end == nullptr) continue;
    const auto* frozen = state_at(told.frozen, period.to);
    versions.push_back({.whose = names.of_key(account, id.key),
                        .number = id.number,
                        .at_start = copy_of(state_at(told.states, period.from)),
                        .at_end = *end,
                        .frozen = frozen != nullptr && frozen->state == "frozen"});
  }
  std::ranges::sort(versions, {}, [](const VersionFacts& one) {
    return std::tuple(one.whose.tenant, one.whose.key, one.whose.key_id, one.number);
  });
  return versions;
}

std::vector<UnwrapDay> unwraps_of(const Account& account, const Period& period) {
  std::map<std::string, UnwrapDay> days;
  for (const auto& one : account.unwraps()) {
    if (!period.has(one.by.at)) continue;
    auto& day = days[day_of(one.by.at)];
    if (day.count == 0) day.first = one.by.entry;
    day.day = day_of(one.by.at);
    day.count += one.count;
    day.last = one.by.entry;
    day.vouched = day.vouched && one.by.vouched;
  }
  std::vector<UnwrapDay> list;
  for (auto& [word, day] : days) list.push_back(std::move(day));
  return list;
}

std::optional<DecidedDocument> decided_before(const Account& account,
                                              const registry::Stores& stores,
                                              const registry::DecisionId& id, Time before) {
  const DecisionTold* told = nullptr;
  for (const auto& one :
       account.decisions({std::string(registry::word(id.kind)), id.subject, id.number})) {
    if (one.by.at < before) told = &one;
  }
  if (told == nullptr) return std::nullopt;
  for (const auto& kept : stores.decisions.history(id)) {
    if (kept.document && registry::decision_digest(*kept.document) == told->sha256)
      return DecidedDocument{id, kept.revision, *kept.document, told->by};
  }
  return std::nullopt;
}

std::string place_name(const registry::Stores& stores, const std::string& id) {
  const auto destination = stores.destinations.find(id);
  return destination ? inventory::identifier_text(*destination) : "destination " + id;
}

Report gathered(const Reading& reading, const Account& whole, const registry::Stores& stores,
                const Period& period, Time now) {
  const Account& account = reading.account;
  Names names(stores);
  Report report{.period = period};
  report.keys_at_start = keys_before(account, names, period.from).size();
  report.keys = keys_before(account, names, period.to);
  report.keys_at_end = report.keys.size();
  report.versions = versions_at(account, names, period);
  report.rotations = rotations_of(account, stores, names, period);
  report.places = places_at(account, stores, names, period);
  report.exceptions = exceptions_of(account, stores, names, period);
  report.shreds = shreds_of(account, stores, names, period);
  report.unwraps = unwraps_of(account, period);
  report.alerts = inventory::alerts_in(stores, now);
  report.ownerless = ownerless_in(stores, now);
  auto found = compared(whole, reading.size(), stores, names);
  report.wrong = std::move(found.wrong);
  report.not_signed = std::move(found.not_signed);
  return report;
}

}  // namespace keyrite::report
