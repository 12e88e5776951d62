// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/standing.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "base/key_type.h"

namespace keyrite::rotation {

namespace {

constexpr std::int64_t kEveryOne = std::numeric_limits<std::int64_t>::max();

// Data keys under an RSA key stay under their version (dek/moving: "dek-not-movable").
bool moves_data_keys(const registry::Key& key) { return parse_key_type(key.type).is_secret(); }

// What is under other versions than the active one, by the registry's counts.
void count_left(const registry::Stores& stores, Standing& standing) {
  if (!moves_data_keys(standing.key)) return;
  for (const auto& count : stores.deks.counts(standing.key.id)) {
    if (standing.active && count.version == standing.active->id) continue;
    standing.left_here += count.here;
    standing.left_with_callers += count.caller;
  }
}

bool is_different(const Place& place) {
  return place.state() == registry::PlacementState::kDifferent;
}

std::vector<std::int64_t> compromised_versions(const registry::Stores& stores,
                                               const std::string& key) {
  std::vector<std::int64_t> numbers;
  for (const auto& version : stores.versions.of(key)) {
    if (version.state == registry::VersionState::kCompromised) numbers.push_back(version.id.number);
  }
  return numbers;
}

bool follows_compromised(const registry::VersionId& active,
                         const std::vector<std::int64_t>& compromised) {
  return !compromised.empty() && compromised.front() < active.number;
}

// By the registry alone, whatever the policy of the key asks.
bool is_missing_at(const Place& place) {
  switch (place.state()) {
    case registry::PlacementState::kProven:
    case registry::PlacementState::kAccepted:
    case registry::PlacementState::kServing:
      return place.opens_compromised;
    default:
      return true;
  }
}

// Consumers at a cloud have not got the active version yet, or have got another key.
bool is_not_at_cloud(const registry::Stores& stores, const registry::Key& key) {
  const auto active = stores.versions.active(key.id);
  if (!active) return false;
  const bool follows = follows_compromised(active->id, compromised_versions(stores, key.id));
  return std::ranges::any_of(places_of(stores, active->id), [&](const Place& place) {
    return needs_own_name(place) || is_different(place) || (follows && is_missing_at(place));
  });
}

// What of the active version is still to be done at the clouds after a compromise.
void catch_up(Standing& standing) {
  standing.catching_up = true;
  for (const auto& place : standing.places) {
    const auto is_here = [&](const keys::UnprovenPlace& one) {
      return one.destination.id == place.destination.id;
    };
    if (place.opens_compromised && std::ranges::none_of(standing.unproven, is_here))
      standing.unproven.push_back({place.destination, place.state()});
  }
}

// Under way, whatever its data keys are under.
bool is_moving(const registry::Stores& stores, const registry::Key& key) {
  return stores.versions.waiting(key.id).has_value() || is_not_at_cloud(stores, key);
}

// None is active, and one is to be: nobody decided otherwise, and it has not come to its end.
bool lacks_active(const registry::Stores& stores, const registry::Key& key) {
  using registry::VersionState;
  if (stores.versions.active(key.id)) return false;
  const auto versions = stores.versions.of(key.id);
  const auto is = [](VersionState state) {
    return [state](const registry::Version& version) { return version.state == state; };
  };
  return std::ranges::none_of(versions, is(VersionState::kSuspended)) &&
         (versions.empty() || !std::ranges::all_of(versions, is(VersionState::kDestroyed)));
}

}  // namespace

Standing standing_of(const registry::Stores& stores, const registry::Tenant& tenant,
                     const registry::Key& key, registry::Time now,
                     const registry::DecisionInLog& log) {
  Standing standing{.tenant = tenant,
                    .key = key,
                    .active = stores.versions.active(key.id),
                    .waiting = stores.versions.waiting(key.id)};
  count_left(stores, standing);
  if (standing.active) {
    standing.different = places_of(stores, standing.active->id);
    std::erase_if(standing.different, std::not_fn(is_different));
  }
  if (const auto& meant = standing.meant()) standing.places = places_of(stores, meant->id);
  standing.compromised = compromised_versions(stores, key.id);
  const auto unproven_of = [&](const registry::VersionId& id) {
    return keys::unproven_places(stores, id, stores.decisions.checked_key_policy(key.id, log), now,
                                 log);
  };
  if (!standing.waiting) {
    if (standing.active && follows_compromised(standing.active->id, standing.compromised)) {
      standing.unproven = unproven_of(standing.active->id);
      catch_up(standing);
    }
    if (standing.awaits_switch() || !standing.unproven.empty())
      standing.waiting_since = stores.versions.events(standing.active->id).back().mark.at;
    return standing;
  }
  const auto& id = standing.waiting->id;
  standing.moves_consumers = std::ranges::any_of(
      standing.places, [&](const Place& place) { return moves_consumers(key, place); });
  standing.waiting_since = stores.versions.events(id).front().mark.at;
  standing.unproven = unproven_of(id);
  return standing;
}

bool Standing::awaits_switch() const {
  return !waiting && std::ranges::any_of(places, needs_own_name);
}

bool is_under_way(const registry::Stores& stores, const registry::Key& key) {
  const bool to_follow = lacks_active(stores, key) && !compromised_versions(stores, key.id).empty();
  return to_follow || is_moving(stores, key) ||
         (moves_data_keys(key) && stores.deks.has_left(key.id));
}

std::vector<registry::Key> keys_to_rotate(const registry::Stores& stores, registry::Time until,
                                          std::int64_t limit) {
  std::set<std::string> due;
  for (const auto& key : stores.keys.due_until(until, kEveryOne)) due.insert(key.id);
  const auto left = stores.deks.keys_with_left();
  const std::set<std::string> with_left(left.begin(), left.end());
  std::vector<registry::Key> wanted;
  for (const auto& key : stores.keys.list()) {
    if (static_cast<std::int64_t>(wanted.size()) >= limit) break;
    const bool has_left = moves_data_keys(key) && with_left.contains(key.id);
    if (due.contains(key.id) || has_left || is_moving(stores, key) || lacks_active(stores, key))
      wanted.push_back(key);
  }
  return wanted;
}

}  // namespace keyrite::rotation
