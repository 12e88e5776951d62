// What a version's activation asks of the registry.
#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/validate_version.h"

namespace keyrite::keys {

namespace {

using registry::PlacementState;
using registry::Stores;
using registry::VersionState;

registry::Version wanted(const Stores& stores, const registry::Key& key,
                         std::optional<std::int64_t> number) {
  const auto version =
      number ? stores.versions.find({key.id, *number}) : stores.versions.waiting(key.id);
  if (version) return *version;
  throw Error(Kind::kUsage, "version-unknown",
              number ? fmt::format("there is no {}", act::version_text(key, {key.id, *number}))
                     : fmt::format("the key \"{}\" has no version that waits for activation",
                                   printable(key.name.value_or(key.id))),
              "keyrite key show lists its versions; keyrite generate-kek makes the next one");
}

void require_waiting(const Stores& stores, const registry::Key& key,
                     const registry::Version& version, Beside beside) {
  const auto text = act::version_text(key, version.id);
  if (version.frozen_by) {
    throw Error(Kind::kFailed, "version-frozen", fmt::format("{} is frozen", text),
                "a frozen version does nothing; see keyrite key show");
  }
  if (version.state != VersionState::kPreActivation) {
    throw Error(Kind::kFailed, "version-not-waiting",
                fmt::format("{} is {}", text, registry::word(version.state)),
                "only a version in pre-activation is activated");
  }
  const auto other = stores.versions.active(key.id);
  if (other && beside != Beside::kActive) {
    throw Error(Kind::kFailed, "version-not-alone",
                fmt::format("version {} of the key is active", other->id.number),
                "keyrite rotate moves on from one version to the next");
  }
}

void require_copies(const Stores& stores, const registry::Key& key,
                    const registry::VersionId& version, std::int64_t needed) {
  std::int64_t present = 0;
  for (const auto& copy : stores.copies.of(version)) {
    if (copy.form == registry::CopyForm::kToken && copy.state == registry::CopyState::kPresent)
      ++present;
  }
  if (present >= needed) return;
  throw Error(Kind::kFailed, "copies-too-few",
              fmt::format("{} is on {} token(s) by the registry, and its policy asks for {}",
                          act::version_text(key, version), present, needed),
              "copy it, or change the policy with keyrite key change");
}

// The basis of the newest proof.
std::optional<registry::Basis> proof_of(const Stores& stores, const registry::PlacementId& id) {
  std::optional<registry::Basis> basis;
  for (const auto& event : stores.placements.events(id)) {
    if (event.to == registry::word(PlacementState::kProven)) basis = event.basis;
  }
  return basis;
}

bool is_enough(const Stores& stores, const registry::Placement& placement,
               const registry::KeyPolicy& policy, registry::Time now,
               const registry::DecisionInLog& log) {
  const bool serves = placement.state == PlacementState::kServing;
  if (serves || placement.state == PlacementState::kProven) {
    const auto basis = proof_of(stores, placement.id);
    if (basis && *basis <= policy.accept) return true;
  }
  if (!serves && placement.state != PlacementState::kAccepted) return false;
  const auto acceptance = stores.decisions.checked_acceptance(placement.id, log);
  return acceptance && acceptance->until > now;
}

// Only the data keys of a version that is compromised cannot wait.
void require_compromised_before(const Stores& stores, const registry::Key& key,
                                const registry::VersionId& version) {
  const auto before = version_before(stores, version);
  if (before && before->state == VersionState::kCompromised) return;
  throw Error(Kind::kFailed, "version-not-compromised",
              fmt::format("{} follows {}", act::version_text(key, version),
                          before ? fmt::format("version {}, which is {}", before->id.number,
                                               registry::word(before->state))
                                 : std::string("no version")),
              "it becomes active when each destination has it: run keyrite rotate");
}

void require_destinations(const Stores& stores, const registry::Key& key,
                          const registry::VersionId& version, const registry::KeyPolicy& policy,
                          registry::Time now, const registry::DecisionInLog& log) {
  const auto unproven = unproven_places(stores, version, policy, now, log);
  if (unproven.empty()) return;
  const auto& [destination, state] = unproven.front();
  throw Error(
      Kind::kFailed, "destination-unproven",
      fmt::format("{} is not proven at {} \"{}\": {}", act::version_text(key, version),
                  printable(destination.provider), printable(destination.name),
                  state == PlacementState::kNone ? "it is not there" : registry::word(state)),
      "prove it with keyrite verify-import, have an officer accept it, or retire the "
      "destination");
}

}  // namespace

std::optional<registry::Version> version_before(const registry::Stores& stores,
                                                const registry::VersionId& version) {
  std::optional<registry::Version> before;
  for (auto& one : stores.versions.of(version.key)) {
    if (one.id.number < version.number && one.state != VersionState::kDestroyed)
      before = std::move(one);
  }
  return before;
}

std::vector<UnprovenPlace> unproven_places(const registry::Stores& stores,
                                           const registry::VersionId& version,
                                           const registry::KeyPolicy& policy, registry::Time now,
                                           const registry::DecisionInLog& log) {
  std::vector<UnprovenPlace> unproven;
  for (const auto& destination : stores.destinations.of(version.key)) {
    if (destination.retired) continue;
    const auto placement = stores.placements.find({destination.id, version.number});
    if (placement && is_enough(stores, *placement, policy, now, log)) continue;
    unproven.push_back({destination, placement ? placement->state : PlacementState::kNone});
  }
  return unproven;
}

VersionOnRecord require_activatable(const registry::Stores& stores, const registry::Tenant& tenant,
                                    const registry::Key& key, std::optional<std::int64_t> number,
                                    Beside beside, registry::Time now,
                                    const registry::DecisionInLog& log) {
  act::require_active(tenant);
  const auto version = wanted(stores, key, number);
  require_waiting(stores, key, version, beside);
  const auto policy = stores.decisions.checked_key_policy(key.id, log);
  require_copies(stores, key, version.id, policy.copies_needed);
  if (beside == Beside::kCompromised) {
    require_compromised_before(stores, key, version.id);
  } else {
    require_destinations(stores, key, version.id, policy, now, log);
  }
  return {key, version, stores.versions.check_values(version.id),
          stores.versions.canary(version.id)};
}

}  // namespace keyrite::keys
