// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the rotation of a key stands, as the registry has it: nothing else is remembered between
// the runs of `rotate`, so each run begins with this. Plain values; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "keys/validate_version.h"
#include "registry/transaction.h"
#include "rotation/places.h"

namespace keyrite::rotation {

struct Standing {
  registry::Tenant tenant{};
  registry::Key key{};
  std::optional<registry::Version> active{};
  std::optional<registry::Version> waiting{};  // in pre-activation
  std::optional<registry::Time> waiting_since{};
  // Of the waiting version, or of the active one that is catching up: where it is not proven or
  // accepted yet.
  std::vector<keys::UnprovenPlace> unproven{};
  // Of the waiting version; of the active one where none waits.
  std::vector<Place> places{};
  [[nodiscard]] const std::optional<registry::Version>& meant() const {
    return waiting ? waiting : active;
  }
  // Whether consumers at a cloud use the version before the active one still (needs_own_name).
  [[nodiscard]] bool awaits_switch() const;
  bool moves_consumers{false};              // the switch to the waiting version
  std::vector<std::int64_t> compromised{};  // versions that are
  // The next version becomes active before its destinations have it (compromise.h).
  bool ahead{false};
  // A version before the active one is compromised: destinations that have not got the active one
  // yet are in `unproven`, and so are KMS keys that open what was compromised.
  bool catching_up{false};
  // Of the active version: where a cloud holds another key.
  std::vector<Place> different{};
  // Data keys under other versions than the active one. Records that their callers keep are moved
  // by `dek rewrap --from`.
  std::int64_t left_here{0};
  std::int64_t left_with_callers{0};
};

// Errors: those of checked_key_policy and checked_acceptance.
[[nodiscard]] Standing standing_of(const registry::Stores& stores, const registry::Tenant& tenant,
                                   const registry::Key& key, registry::Time now,
                                   const registry::DecisionInLog& log);

// Keys whose rotation is due until `until`, those whose rotation is under way, and those of which
// no version is active, unless one is suspended or all are destroyed: by tenant and id, at most
// `limit`.
[[nodiscard]] std::vector<registry::Key> keys_to_rotate(const registry::Stores& stores,
                                                        registry::Time until, std::int64_t limit);
// Whether a version waits or has to follow one that is compromised, data keys are left under an
// earlier version here, consumers at a cloud have not got the active version yet, also after a
// compromise, or a cloud holds another key than it.
[[nodiscard]] bool is_under_way(const registry::Stores& stores, const registry::Key& key);

}  // namespace keyrite::rotation
