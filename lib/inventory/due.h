// keyrite inventory due: what somebody has to do soon. Rotations, material that expires,
// acceptances that end, credentials, sign-offs, owners that are missing. Reads the registry alone,
// without the log's lock. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/inventory_keys.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

// Who may use a key is looked at anew this often, by its owner.
inline constexpr int kSignOffDays = 90;
inline constexpr int kDueWithinDays = 30;

enum class DueWhat : std::uint8_t {
  kRotation,
  kMaterialExpires,
  kAcceptanceEnds,
  kSignOff,
  kKeyOwner,
  kCredentialExpires,
  kCredentialDue,
  kCredentialOwner
};
// "rotation", "material-expires", ...: as --json has it.
[[nodiscard]] std::string_view due_word(DueWhat what);

struct DueItem {
  DueWhat what{};
  std::string tenant{};  // for people
  std::string tenant_id{};
  std::string key{};     // for people; of a credential its service and environment
  std::string id{};      // of the key or credential
  std::string detail{};  // which version, where
  // nullopt: an owner is missing, since nobody knows when.
  std::optional<registry::Time> when{};
};

// Of one key, what is due until `until`. `signed_off`: the last sign-off, else when the key was
// added. Pure.
[[nodiscard]] std::vector<DueItem> due_of(const HeldKey& held, registry::Time signed_off,
                                          registry::Time until);
// Of a registry, the overdue and ownerless first, then by time.
[[nodiscard]] std::vector<DueItem> due_items(const registry::Stores& stores, registry::Time until);
// Of credentials that are not revoked.
[[nodiscard]] std::vector<DueItem> due_credentials(const registry::Stores& stores,
                                                   registry::Time until);
// What comes first: no time, then by time. Pure.
void sort_due(std::vector<DueItem>& items);

// What is shown of them. Pure.
[[nodiscard]] Shown shown_due(const std::vector<DueItem>& items, registry::Time now,
                              std::chrono::days within, bool csv);

struct ListDueRequest {
  std::optional<std::uint32_t> within{};
  bool csv{false};
  [[nodiscard]] static const std::vector<act::Field<ListDueRequest>>& table();
};
// Errors: those of list_keys; kUsage "within-too-long" (more than ten years).
[[nodiscard]] Shown list_due(const ListDueRequest& request, const act::Context& context, bool json);

}  // namespace keyrite::inventory
