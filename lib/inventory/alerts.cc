#include "inventory/alerts.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "act/registry_reading.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/due.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

using registry::Time;

constexpr std::array<std::string_view, 7> kAlertWords{
    "credential-expired", "credential-overdue", "credential-ownerless", "acceptance-over",
    "destroyed-found",    "unwrap-peak",        "cloud-key-different"};

Alert alert_on(AlertWhat what, const HeldKey& held, std::string detail) {
  return {.what = what,
          .tenant = tenant_text(held.tenant),
          .tenant_id = held.tenant.id,
          .name = key_text(held.key),
          .id = held.key.id,
          .detail = std::move(detail)};
}

// Something holds what was destroyed.
void add_destroyed(std::vector<Alert>& alerts, const registry::Stores& stores, const HeldKey& held,
                   const registry::Version& version) {
  using registry::CopyState;
  for (const auto& copy : stores.copies.of(version.id)) {
    const bool there = copy.form == registry::CopyForm::kToken &&
                       (copy.state == CopyState::kPresent || copy.state == CopyState::kExpected ||
                        copy.state == CopyState::kDestructionPending);
    if (there)
      alerts.push_back(
          alert_on(AlertWhat::kDestroyedFound, held,
                   fmt::format("version {} is destroyed, and is {} on token {}", version.id.number,
                               registry::word(copy.state), printable(copy.token_serial))));
  }
  for (const auto& place : held.places) {
    for (const auto& placed : place.placed) {
      if (placed.placement.id.number != version.id.number ||
          !holds_material(placed.placement.state) ||
          placed.placement.state == registry::PlacementState::kDeletionScheduled)
        continue;
      alerts.push_back(alert_on(
          AlertWhat::kDestroyedFound, held,
          fmt::format("version {} is destroyed, and is {} at {}", version.id.number,
                      registry::word(placed.placement.state), identifier_text(place.destination))));
    }
  }
}

// A cloud has another key where this version serves or is to serve.
void add_different(std::vector<Alert>& alerts, const HeldKey& held,
                   const registry::Version& version) {
  for (const auto& place : held.places) {
    if (place.destination.retired) continue;
    for (const auto& placed : place.placed) {
      if (placed.placement.id.number != version.id.number ||
          placed.placement.state != registry::PlacementState::kDifferent)
        continue;
      alerts.push_back(alert_on(AlertWhat::kCloudKeyDifferent, held,
                                fmt::format("{} holds another key than version {}, which is {}",
                                            identifier_text(place.destination), version.id.number,
                                            registry::word(version.state))));
    }
  }
}

AlertWhat alert_of(DueWhat what) {
  if (what == DueWhat::kCredentialExpires) return AlertWhat::kCredentialExpired;
  return what == DueWhat::kCredentialDue ? AlertWhat::kCredentialOverdue
                                         : AlertWhat::kCredentialOwner;
}

void add_overdue_credentials(std::vector<Alert>& alerts, const registry::Stores& stores, Time now) {
  for (const auto& item : due_credentials(stores, now)) {
    alerts.push_back({.what = alert_of(item.what),
                      .tenant = item.tenant,
                      .tenant_id = item.tenant_id,
                      .name = item.key,
                      .id = item.id,
                      .detail = item.when ? "since " + day_text(*item.when) : std::string()});
  }
}

std::string hour_text(std::int64_t hour) { return time_text(Time(std::chrono::hours(hour))); }

void add_peaks(std::vector<Alert>& alerts, const registry::Stores& stores, Time now) {
  const std::int64_t hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
  for (const auto& tenant : stores.tenants.list()) {
    const auto counts = stores.deks.unwraps_since(tenant.id, hour - kJudgedHours - kHistoryHours);
    for (const auto& peak : unwrap_peaks(counts, hour)) {
      alerts.push_back(
          {.what = AlertWhat::kUnwrapPeak,
           .tenant = tenant_text(tenant),
           .tenant_id = tenant.id,
           .detail = fmt::format("{} unwraps in the hour from {}; the busiest hour before had {}",
                                 peak.hour.unwraps, hour_text(peak.hour.hour), peak.busiest)});
    }
  }
}

Json alert_json(const Alert& alert) {
  return {{"what", alert_word(alert.what)},
          {"tenant", alert.tenant},
          {"tenant_id", alert.tenant_id},
          {"name", alert.name},
          {"id", alert.id},
          {"detail", alert.detail}};
}

std::string alerts_text(const std::vector<Alert>& alerts) {
  constexpr std::size_t kWideAlerts = 58;
  std::vector<std::vector<std::string>> rows{{"what", "key (tenant)"}};
  for (const auto& alert : alerts) {
    const std::string whose =
        alert.name.empty() ? alert.tenant : fmt::format("{} ({})", alert.name, alert.tenant);
    const std::string cut = cut_words(whose, kWideAlerts);
    const std::string& id = alert.id.empty() ? alert.tenant_id : alert.id;
    rows.push_back({std::string(alert_word(alert.what)),
                    cut == whose ? whose : fmt::format("{}, id {}", cut, id)});
    if (!alert.detail.empty()) rows.push_back({"", cut_words(alert.detail, kWideAlerts)});
  }
  return format_table(rows);
}

}  // namespace

std::string_view alert_word(AlertWhat what) {
  return kAlertWords.at(static_cast<std::size_t>(what));
}

std::vector<Peak> unwrap_peaks(const std::vector<registry::UnwrapCount>& counts, std::int64_t now) {
  const std::int64_t judged = now - kJudgedHours + 1;  // the first hour that is judged
  std::int64_t busiest = 0;
  std::int64_t first = judged;
  for (const auto& count : counts) {
    if (count.hour >= judged || count.hour < judged - kHistoryHours) continue;
    first = std::min(first, count.hour);
    busiest = std::max(busiest, count.unwraps);
  }
  std::vector<Peak> peaks;
  if (judged - first < kShortestHistoryHours) return peaks;
  for (const auto& count : counts) {
    // unwraps > kPeakFactor * busiest, without its overflow.
    const bool high = count.unwraps > kPeakFloor && (count.unwraps - 1) / kPeakFactor >= busiest;
    if (count.hour >= judged && count.hour <= now && high) peaks.push_back({count, busiest});
  }
  return peaks;
}

std::vector<Alert> alerts_of(const registry::Stores& stores, const HeldKey& held, Time now) {
  std::vector<Alert> alerts;
  for (const auto& item : due_of(held, now, now)) {
    if (item.what == DueWhat::kAcceptanceEnds)
      alerts.push_back(
          alert_on(AlertWhat::kAcceptanceOver, held,
                   fmt::format("{}, accepted until {}", item.detail, day_text(*item.when))));
  }
  for (const auto& version : held.versions) {
    if (version.state == registry::VersionState::kDestroyed)
      add_destroyed(alerts, stores, held, version);
    if (version.state == registry::VersionState::kActive ||
        version.state == registry::VersionState::kPreActivation)
      add_different(alerts, held, version);
  }
  return alerts;
}

std::vector<Alert> alerts_in(const registry::Stores& stores, Time now) {
  std::vector<Alert> alerts;
  for (const auto& held : held_keys(stores, std::nullopt)) {
    for (auto& alert : alerts_of(stores, held, now)) alerts.push_back(std::move(alert));
  }
  add_overdue_credentials(alerts, stores, now);
  add_peaks(alerts, stores, now);
  return alerts;
}

Shown show_alerts(const AlertsRequest& /*request*/, const act::Context& context) {
  const auto registry = registry_to_read(context);
  act::require_decisions_of_log(*registry, site_of(context));
  const auto view = registry->read();
  const auto alerts = alerts_in(*view.operator->(), time_of(context));
  Shown shown{.document = {{"alerts", Json::array()}}};
  for (const auto& alert : alerts) shown.document["alerts"].push_back(alert_json(alert));
  shown.text.push_back(alerts.empty() ? "nothing is wrong" : alerts_text(alerts));
  if (!alerts.empty()) shown.code = static_cast<int>(Kind::kVerification);
  return shown;
}

}  // namespace keyrite::inventory
