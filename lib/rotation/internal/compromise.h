// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A version that is compromised. An act at the token marks it, for which policy has approvals; what
// the log has of that act, and nothing else, lets the next version become active before its
// destinations have it. One thread.
#pragma once

#include <set>

#include "act/act.h"
#include "registry/transaction.h"
#include "rotation/requests.h"
#include "rotation/standing.h"
#include "site/site.h"

namespace keyrite::rotation {

inline constexpr const char* kCompromiseAct = "rotate-compromised";

// The versions of which the log has that act, by entries for which its key vouches. Errors: those
// of vouched_entries_of.
[[nodiscard]] std::set<registry::VersionId> decided_compromises(const site::Site& site);

// Whether the next version becomes active before its destinations have it: none is active, the
// newest one before is compromised and was marked by the act, and data keys are under it.
[[nodiscard]] bool goes_ahead(const registry::Stores& stores, const Standing& standing,
                              const std::set<registry::VersionId>& decided);

// The version, which is compromised already or may become so. Errors kUsage "version-unknown";
// kFailed "transition-illegal", "version-frozen".
registry::Version require_compromisable(const registry::Stores& stores,
                                        const registry::VersionId& id);

// `one` has tenant, key, version and reason, which approvals are for. A version that was marked
// without approvals (key mark-compromised) stays as it is, and is decided by this act. Errors of
// its work: those of require_compromisable and keep_text.
[[nodiscard]] act::Act mark_compromised(const RotateRequest& one);

}  // namespace keyrite::rotation
