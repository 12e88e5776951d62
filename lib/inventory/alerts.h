// keyrite inventory alerts: what is wrong now, for monitoring. Each alert has one rule, which
// docs/guide/tenants.md states. Reads the registry and the log, without the log's lock. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/inventory_keys.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

enum class AlertWhat : std::uint8_t {
  kCredentialExpired,
  kCredentialOverdue,
  kCredentialOwner,
  kAcceptanceOver,
  kDestroyedFound,
  kUnwrapPeak,
  kCloudKeyDifferent
};
[[nodiscard]] std::string_view alert_word(AlertWhat what);

struct Alert {
  AlertWhat what{};
  std::string tenant{};  // for people
  std::string tenant_id{};
  std::string name{};  // of the key, or a credential's service and environment; empty of a tenant
  std::string id{};
  std::string detail{};
};

// The rule of a peak: an hour of the last kJudgedHours with more than kPeakFactor times as many
// unwraps as the busiest hour of the kHistoryHours before these, and more than kPeakFloor. A tenant
// whose history is shorter than kShortestHistoryHours is not judged.
inline constexpr std::int64_t kJudgedHours = 24;
inline constexpr std::int64_t kHistoryHours = std::int64_t{28} * 24;
inline constexpr std::int64_t kShortestHistoryHours = std::int64_t{7} * 24;
inline constexpr std::int64_t kPeakFactor = 3;
inline constexpr std::int64_t kPeakFloor = 100;

struct Peak {
  registry::UnwrapCount hour{};
  std::int64_t busiest{};  // hour before
};
// `counts` in the order of their hours; `now`: the present hour. Pure.
[[nodiscard]] std::vector<Peak> unwrap_peaks(const std::vector<registry::UnwrapCount>& counts,
                                             std::int64_t now);

// Of one key. Pure but for its copies.
[[nodiscard]] std::vector<Alert> alerts_of(const registry::Stores& stores, const HeldKey& held,
                                           registry::Time now);
[[nodiscard]] std::vector<Alert> alerts_in(const registry::Stores& stores, registry::Time now);

struct AlertsRequest {
  [[nodiscard]] static const std::vector<act::Field<AlertsRequest>>& table();
};
// Its code is that of Kind::kVerification where there is an alert. Each decision in the registry is
// compared with the log first. Errors: those of list_keys; kVerification "decision-edited".
[[nodiscard]] Shown show_alerts(const AlertsRequest& request, const act::Context& context);

}  // namespace keyrite::inventory
