// keyrite inventory reconcile: the whole token compared with registry and log. An act at the token
// that only reads there: nothing is made or destroyed. It is logged with what it found, since what
// was done around keyrite is seen by nothing else. The registry learns which copies are missing,
// which are back, and which versions have a copy on this token that nobody recorded. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::keys {

inline constexpr const char* kReconcileAct = "inventory-reconcile";

struct ReconcileRequest {
  [[nodiscard]] static const std::vector<act::Field<ReconcileRequest>>& table();
};

// The code is that of Kind::kVerification where it finds something (keys/token_findings.h). Errors:
// those of Registry, survey_token and logged_makings; kUsage "site-not-given".
[[nodiscard]] act::Act reconcile(const ReconcileRequest& request);

}  // namespace keyrite::keys
