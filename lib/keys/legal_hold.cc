// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/legal_hold.h"

#include "base/error.h"

namespace keyrite::keys {

namespace {

[[noreturn]] void refuse_hold() {
  throw Error(Kind::kFailed, "legal-hold", "the tenant is on legal hold: nothing is destroyed",
              "end the hold first, with keyrite tenant release");
}

}  // namespace

void require_no_hold(const registry::Stores& stores, const registry::Tenant& tenant,
                     const registry::DecisionInLog& log) {
  if (stores.decisions.checked_tenant_policy(tenant.id, log).hold) refuse_hold();
  require_no_hold(stores, tenant.id);
}

void require_no_hold(const registry::Stores& stores, const std::string& tenant) {
  if (stores.decisions.hold_on(tenant)) refuse_hold();
}

}  // namespace keyrite::keys
