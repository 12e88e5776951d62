// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/legal_hold.h"

#include "base/error.h"

namespace keyrite::keys {

void require_no_hold(const registry::Stores& stores, const registry::Tenant& tenant,
                     const registry::DecisionInLog& log) {
  if (!stores.decisions.checked_tenant_policy(tenant.id, log).hold &&
      !stores.decisions.hold_on(tenant.id))
    return;
  throw Error(Kind::kFailed, "legal-hold", "the tenant is on legal hold: nothing is destroyed",
              "end the hold first, with keyrite tenant release");
}

}  // namespace keyrite::keys
