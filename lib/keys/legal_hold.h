// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a tenant's keys may be destroyed at all: not while a hold is on them, by what was decided
// or by what the registry has. Pure; one thread.
#pragma once

#include <string>

#include "registry/transaction.h"

namespace keyrite::keys {

// Errors kFailed "legal-hold"; those of checked_tenant_policy.
void require_no_hold(const registry::Stores& stores, const registry::Tenant& tenant,
                     const registry::DecisionInLog& log);
// By the registry alone, which is cheap: one that somebody took out of it is not seen. For what is
// asked often, behind the other. Error kFailed "legal-hold".
void require_no_hold(const registry::Stores& stores, const std::string& tenant);

}  // namespace keyrite::keys
