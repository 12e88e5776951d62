// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What ends and what is due in a site, by its registry and the decisions in its log.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "act/registry_replay.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/alerts.h"
#include "inventory/due.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "status/internal/gathering.h"

namespace keyrite::status {

namespace {

void add_due(Status& status, const registry::Stores& stores, registry::Time until) {
  for (const auto& item : inventory::due_items(stores, until)) {
    // A key of no tenant has nobody who could own it.
    if (item.what == inventory::DueWhat::kKeyOwner && item.tenant_id == registry::kNoTenant)
      continue;
    Upcoming one{.what = std::string(inventory::due_word(item.what)),
                 .detail = fmt::format("{} ({}){}{}", printable(item.key), printable(item.tenant),
                                       item.detail.empty() ? "" : ", ", printable(item.detail))};
    if (item.when) one.when = *item.when;
    status.next.push_back(std::move(one));
  }
}

void add_pins(Status& status, const registry::Stores& stores, const registry::DecisionInLog& log,
              registry::Time until) {
  for (const auto& [id, pinned] : stores.decisions.checked_pinned_keys(log)) {
    if (pinned.ended || pinned.until > until) continue;
    status.next.push_back({.what = "pin-ends",
                           .detail = fmt::format("wrapping key of {}", printable(pinned.place)),
                           .when = pinned.until});
  }
}

void add_campaigns(Status& status, const registry::Stores& stores,
                   const registry::DecisionInLog& log, registry::Time until) {
  for (const auto& id : stores.decisions.campaigns()) {
    const auto campaign = stores.decisions.checked_campaign(id, log);
    // One that is over has nothing to end.
    if (!campaign || campaign->plan.ended || campaign->plan.until > until ||
        campaign->plan.until < status.now)
      continue;
    status.next.push_back({.what = "campaign-ends",
                           .detail = fmt::format("campaign {}", id),
                           .when = campaign->plan.until});
  }
}

void add_alerts(Status& status, const registry::Stores& stores, registry::Time now) {
  for (const auto& alert : inventory::alerts_in(stores, now)) {
    const std::string whose =
        alert.name.empty() ? printable(alert.tenant)
                           : fmt::format("{} ({})", printable(alert.name), printable(alert.tenant));
    status.alarms.push_back(
        {.code = std::string(inventory::alert_word(alert.what)),
         .message =
             alert.detail.empty() ? whose : fmt::format("{}: {}", whose, printable(alert.detail))});
  }
}

}  // namespace

void add_upcoming(Status& status, const site::Site& site) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(status.now);
  const auto until = now + std::chrono::days(status.within_days);
  try {
    registry::Registry registry(site.path(site::kRegistryName));
    act::require_readable(registry, site);
    act::require_decisions_of_log(registry, site);
    const auto log = act::decisions_of(site);
    const auto view = registry.read();
    const auto& stores = *view.operator->();
    add_due(status, stores, until);
    add_pins(status, stores, log, until);
    add_campaigns(status, stores, log, until);
    add_alerts(status, stores, now);
  } catch (const Error& error) {
    add_failure(status, site.path(site::kRegistryName), error);
  }
  std::ranges::stable_sort(status.next, {},
                           [](const Upcoming& one) { return one.when.value_or(TimePoint::min()); });
}

}  // namespace keyrite::status
