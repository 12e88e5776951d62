// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Each key's rotations against its period.
#include <algorithm>
#include <chrono>
#include <tuple>

#include <fmt/format.h>

#include "inventory/inventory_keys.h"
#include "report/gathering.h"

namespace keyrite::report {

namespace {

using std::chrono::days;
using VersionOfKey = std::pair<registry::VersionId, const VersionTold*>;

std::vector<VersionOfKey> versions_of(const Account& account, const std::string& key) {
  std::vector<VersionOfKey> found;
  for (auto at = account.versions().lower_bound({key, 0});
       at != account.versions().end() && at->first.key == key; ++at)
    found.emplace_back(at->first, &at->second);
  return found;
}

std::string state_of(const VersionTold& told, Time before) {
  const auto* state = state_at(told.states, before);
  return state == nullptr ? std::string() : state->state;
}

// When a version became active first: a suspension that ended makes it no younger.
const StateTold* first_active(const VersionTold& told, Time before) {
  const auto found = std::ranges::find(told.states, "active", &StateTold::state);
  return found != told.states.end() && found->by.at < before ? &*found : nullptr;
}

std::string waiting_text(const Account& account, const registry::Stores& stores,
                         const VersionOfKey& waiting, Time before) {
  std::string text =
      fmt::format("version {} waits for its activation since {}", waiting.first.number,
                  day_of(waiting.second->states.front().by.at));
  std::string places;
  for (const auto& [id, place] : account.places()) {
    if (place.key != waiting.first.key || id.number != waiting.first.number) continue;
    const auto* state = state_at(place.states, before);
    if (state == nullptr || state->state == "proven" || state->state == "accepted") continue;
    places += fmt::format("{}{} is {}", places.empty() ? ": " : ", ",
                          place_name(stores, id.destination), state->state);
  }
  return text + places;
}

// Why nothing took the place of the version that serves.
std::string reason_of(const Account& account, const registry::Stores& stores, const KeyTold& key,
                      const std::vector<VersionOfKey>& versions, Time before) {
  const auto tenant = account.tenants().find(key.tenant);
  if (tenant != account.tenants().end()) {
    const auto* state = state_at(tenant->second, before);
    if (state != nullptr && state->state != "active")
      return fmt::format("the tenant is {} since {}", state->state, day_of(state->by.at));
  }
  for (const auto& version : versions) {
    const auto* frozen = state_at(version.second->frozen, before);
    if (frozen != nullptr && frozen->state == "frozen" && !is_version_over(*version.second, before))
      return fmt::format("version {} is frozen since {}", version.first.number,
                         day_of(frozen->by.at));
  }
  for (const auto& version : versions) {
    const std::string state = state_of(*version.second, before);
    if (state == "suspended") return fmt::format("version {} is suspended", version.first.number);
    if (state == "pre-activation") return waiting_text(account, stores, version, before);
  }
  return "no rotation was begun";
}

class RotationOf {
 public:
  RotationOf(const Account& account, const registry::Stores& stores, const Period& period)
      : account_(account), stores_(stores), period_(period) {}

  // nullopt: nothing is to be rotated any more.
  [[nodiscard]] std::optional<RotationFacts> of(const std::string& id, const KeyTold& key,
                                                Whose whose) const {
    RotationFacts facts{.whose = std::move(whose), .period_days = policy_days(id)};
    std::vector<VersionOfKey> there;
    for (const auto& version : versions_of(account_, id)) {
      if (state_at(version.second->states, period_.to) != nullptr) there.push_back(version);
    }
    const auto over = [&](const VersionOfKey& one) {
      return is_version_over(*one.second, period_.to);
    };
    for (const auto& version : there) take(version, facts);
    if (!there.empty() && std::ranges::all_of(there, over) && facts.activations.empty())
      return std::nullopt;
    weigh(facts);
    if (facts.overdue || !facts.serving)
      facts.reason = there.empty() ? std::string("it has no version yet")
                                   : reason_of(account_, stores_, key, there, period_.to);
    if (!there.empty() && std::ranges::all_of(there, over)) facts.reason = "it is destroyed";
    return facts;
  }

 private:
  [[nodiscard]] std::optional<std::int64_t> policy_days(const std::string& key) const {
    const auto decided =
        decided_before(account_, stores_, {registry::DecisionKind::kKey, key, 0}, period_.to);
    if (!decided) {
      // A key of no tenant was never given a policy: the strictest is that of the house.
      const bool told = !account_.decisions({"key", key, 0}).empty();
      return told ? std::nullopt : std::optional<std::int64_t>(registry::kDefaultPeriodDays);
    }
    return registry::key_policy(decided->document, decided->id, decided->revision).period_days;
  }

  void take(const VersionOfKey& version, RotationFacts& facts) const {
    const auto* since = first_active(*version.second, period_.to);
    if (since == nullptr) return;
    const Activation activation{version.first.number, since->by};
    if (period_.has(since->by.at)) facts.activations.push_back(activation);
    const std::string state = state_of(*version.second, period_.to);
    if (state == "active" || state == "suspended") facts.serving = activation;
  }

  void weigh(RotationFacts& facts) const {
    if (!facts.serving) return;
    facts.age_days = std::chrono::duration_cast<days>(period_.to - facts.serving->by.at).count();
    if (!facts.period_days) return;
    facts.due = facts.serving->by.at + days(*facts.period_days);
    facts.overdue = *facts.due < period_.to;
  }

  const Account& account_;
  const registry::Stores& stores_;
  const Period& period_;
};

}  // namespace

std::vector<RotationFacts> rotations_of(const Account& account, const registry::Stores& stores,
                                        Names& names, const Period& period) {
  std::vector<RotationFacts> rotations;
  const RotationOf rotation(account, stores, period);
  for (const auto& [id, key] : account.keys()) {
    if (key.made.at >= period.to) continue;
    if (auto facts = rotation.of(id, key, names.of(key, id)))
      rotations.push_back(std::move(*facts));
  }
  std::ranges::sort(rotations, {}, [](const RotationFacts& one) {
    return std::tuple(one.due.value_or(Time::max()), one.whose.tenant, one.whose.key,
                      one.whose.key_id);
  });
  return rotations;
}

}  // namespace keyrite::report
