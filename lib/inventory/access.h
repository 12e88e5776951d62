// keyrite inventory access: who and what may use which key. The roster's roles and what they must
// approve, the places where the key serves, the services that hold data keys or credentials under
// it. An owner signs the report off by its SHA-256, as a logged act, every kSignOffDays days
// (due.h). A report has no time in it: the same access has the same SHA-256. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "approval/roster.h"
#include "inventory/inventory_keys.h"
#include "inventory/shown.h"
#include "site/site.h"

namespace keyrite::inventory {

struct AccessRequest {
  std::optional<std::string> tenant{};
  std::optional<std::string> key{};
  bool sign_off{false};
  std::optional<std::string> owner{};
  [[nodiscard]] static const std::vector<act::Field<AccessRequest>>& table();
};

// Who may have acts done at the token, and whose word they need: of the site, for each of its keys.
[[nodiscard]] Json people_json(const site::Site& site,
                               const std::optional<approval::Roster>& roster);
// Of one key, without the site's people.
[[nodiscard]] Json access_json(const registry::Stores& stores, const HeldKey& held,
                               const registry::KeyPolicy& policy);

// Errors: those of list_keys; kUsage "access-which" (a key without its tenant); kVerification
// "decision-edited" where a key's policy is not the log's; those of read_roster.
[[nodiscard]] Shown show_access(const AccessRequest& request, const act::Context& context);
// The same, and each of its keys is signed off. Errors kUsage "sign-off-owner" (no --owner);
// kFailed "sign-off-not-owner" (a key has another owner, or none), "sign-off-nothing" (there is no
// key).
[[nodiscard]] act::Act sign_off_access(const AccessRequest& request);

}  // namespace keyrite::inventory
