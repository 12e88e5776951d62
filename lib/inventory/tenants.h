// Tenants of a site. Logged acts on files add, change, suspend and hold them; listing and showing
// them needs no lock of the log. The registry alone has the name; the log has its pseudonym. One
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "base/clock.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct AddTenantsRequest {
  std::optional<std::string> name{};
  std::optional<std::string> owner{};
  std::optional<std::string> contact{};
  std::vector<std::string> jurisdiction{};
  std::optional<std::string> from{};  // file
  [[nodiscard]] static const std::vector<act::Field<AddTenantsRequest>>& table();
};
struct ChangeTenantRequest {
  std::string name{};
  std::optional<std::string> owner{};
  std::optional<std::string> contact{};
  std::vector<std::string> jurisdiction{};
  bool any_jurisdiction{false};
  [[nodiscard]] static const std::vector<act::Field<ChangeTenantRequest>>& table();
};
struct SuspendTenantRequest {
  std::string name{};
  std::string reason{};
  bool end{false};
  [[nodiscard]] static const std::vector<act::Field<SuspendTenantRequest>>& table();
};
struct OffboardTenantRequest {
  std::string name{};
  std::string reason{};
  std::optional<std::string> requested_at{};  // of its erasure
  bool end{false};
  [[nodiscard]] static const std::vector<act::Field<OffboardTenantRequest>>& table();
};
// When its erasure was asked for; not said: the beginning of 1970. Errors kUsage "time-invalid";
// "offboard-end-request" (--end with --requested-at).
[[nodiscard]] TimePoint request_time(const OffboardTenantRequest& request);
struct HoldTenantRequest {
  std::string name{};
  std::string authority{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<HoldTenantRequest>>& table();
};
struct ReleaseTenantRequest {
  std::string name{};
  std::string reason{};
  [[nodiscard]] static const std::vector<act::Field<ReleaseTenantRequest>>& table();
};
struct ListTenantsRequest {
  [[nodiscard]] static const std::vector<act::Field<ListTenantsRequest>>& table();
};
struct ShowTenantRequest {
  std::string name{};
  [[nodiscard]] static const std::vector<act::Field<ShowTenantRequest>>& table();
};

// All of these: kUsage "site-not-given", "name-invalid"; those of Registry. add: kUsage
// "name-or-file", "tenant-twice"; kFailed "tenant-exists"; those of read_records. The others:
// kUsage "tenant-unknown"; kVerification "decision-edited" where what is in force is not what the
// log says.
[[nodiscard]] act::Act add_tenants(const AddTenantsRequest& request);
// Error kUsage "nothing-to-change".
[[nodiscard]] act::Act change_tenant(const ChangeTenantRequest& request);
// Error kFailed "transition-illegal".
[[nodiscard]] act::Act suspend_tenant(const SuspendTenantRequest& request);
// The tenant leaves: its credentials are revoked (Tenants::move). Errors kFailed
// "transition-illegal"; those of request_time.
[[nodiscard]] act::Act offboard_tenant(const OffboardTenantRequest& request);
// Error kFailed "hold-exists".
[[nodiscard]] act::Act hold_tenant(const HoldTenantRequest& request);
// Error kFailed "hold-none".
[[nodiscard]] act::Act release_tenant(const ReleaseTenantRequest& request);

[[nodiscard]] Shown list_tenants(const act::Context& context);
[[nodiscard]] Shown show_tenant(const ShowTenantRequest& request, const act::Context& context);

}  // namespace keyrite::inventory
