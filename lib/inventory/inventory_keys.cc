#include "inventory/inventory_keys.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

using registry::PlacementState;
using registry::VersionState;

bool goes_on(char c) { return (static_cast<std::uint8_t>(c) & 0xc0U) == 0x80U; }

std::string cut_word(std::string_view word, std::size_t width) {
  constexpr std::string_view kMark = "...";
  std::size_t columns = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (goes_on(word[i])) continue;
    if (columns == width - kMark.size()) kept = i;
    if (++columns > width) return std::string(word.substr(0, kept)) + std::string(kMark);
  }
  return std::string(word);
}

// An acceptance that was renewed left the placement as it was: the decision in force says until
// when it holds, and by which entry.
void follow_acceptance(const registry::Stores& stores, const registry::PlacementId& id,
                       registry::StateEvent& verdict) {
  if (verdict.to != registry::word(PlacementState::kAccepted)) return;
  const auto accepted = stores.decisions.unchecked_acceptance(id);
  if (!accepted) return;
  const auto decision =
      stores.decisions.in_force({registry::DecisionKind::kAcceptance, id.destination, id.number});
  verdict.until = accepted->until;
  verdict.evidence_sha256 = accepted->evidence_sha256;
  verdict.mark.actor = accepted->by;
  if (decision->entry) verdict.mark.entry = *decision->entry;
}

std::string state_text(const registry::Version& version) {
  return fmt::format("{}{}", registry::word(version.state), version.frozen_by ? " and frozen" : "");
}

}  // namespace

std::optional<std::string> HeldKey::owner() const { return key.owner ? key.owner : tenant.owner; }

const registry::Version* HeldKey::active() const {
  const auto found = std::ranges::find(versions, VersionState::kActive, &registry::Version::state);
  return found == versions.end() ? nullptr : &*found;
}

bool HeldKey::is_over() const {
  return !versions.empty() && std::ranges::all_of(versions, [](const registry::Version& version) {
    return version.state == VersionState::kDestroyed;
  });
}

HeldKey held_key(const registry::Stores& stores, const registry::Tenant& tenant,
                 registry::Key key) {
  HeldKey held{.tenant = tenant, .key = std::move(key)};
  held.versions = stores.versions.of(held.key.id);
  for (auto& destination : stores.destinations.of(held.key.id)) {
    ServedPlace place{.destination = std::move(destination)};
    for (auto& placement : stores.placements.at(place.destination.id)) {
      auto events = stores.placements.events(placement.id);
      auto verdict = verdict_of(events);
      if (verdict) follow_acceptance(stores, placement.id, *verdict);
      place.placed.push_back({std::move(placement), std::move(events), std::move(verdict)});
    }
    held.places.push_back(std::move(place));
  }
  return held;
}

std::vector<HeldKey> held_keys(const registry::Stores& stores,
                               const std::optional<std::string>& tenant) {
  std::map<std::string, registry::Tenant> tenants;
  std::vector<HeldKey> all;
  for (auto& key : tenant ? stores.keys.of(*tenant) : stores.keys.list()) {
    auto whose = tenants.find(key.tenant);
    if (whose == tenants.end()) {
      const auto found = stores.tenants.find(key.tenant);
      whose = tenants.emplace(key.tenant, found.value_or(registry::Tenant{.id = key.tenant})).first;
    }
    all.push_back(held_key(stores, whose->second, std::move(key)));
  }
  std::ranges::sort(all, {}, [](const HeldKey& held) {
    return std::tuple(tenant_text(held.tenant), key_text(held.key), held.key.id);
  });
  return all;
}

std::optional<registry::StateEvent> verdict_of(const std::vector<registry::StateEvent>& events) {
  std::optional<registry::StateEvent> verdict;
  for (const auto& event : events) {
    if (event.to == registry::word(PlacementState::kImported) ||
        event.to == registry::word(PlacementState::kDifferent) ||
        event.to == registry::word(PlacementState::kWithdrawn))
      verdict.reset();
    if (event.to == registry::word(PlacementState::kProven) ||
        event.to == registry::word(PlacementState::kAccepted))
      verdict = event;
  }
  return verdict;
}

bool holds_material(PlacementState state) {
  using enum PlacementState;
  return state == kImported || state == kDifferent || state == kProven || state == kAccepted ||
         state == kServing || state == kDisabled || state == kDeletionScheduled;
}

std::string tenant_text(const registry::Tenant& tenant) {
  if (tenant.id == registry::kNoTenant) return "no tenant";
  return tenant.name ? printable(*tenant.name) : tenant.id;
}

std::string key_text(const registry::Key& key) { return key.name ? printable(*key.name) : key.id; }

std::string day_text(registry::Time time) {
  constexpr std::size_t kDay = 10;
  return time_text(time).substr(0, kDay);
}

std::string states_text(const std::vector<registry::Version>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    while (end < all.size() && state_text(all[end]) == state_text(all[i])) ++end;
    text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", all[i].id.number,
                        end == i + 1 ? "" : fmt::format("-{}", all[end - 1].id.number),
                        state_text(all[i]));
    i = end;
  }
  return text.empty() ? "no version yet" : text;
}

std::string identifier_text(const registry::Destination& destination) {
  std::string text = printable(destination.provider);
  for (const auto& part : {destination.account, destination.container, destination.name}) {
    if (!part.empty()) text += " " + printable(part);
  }
  return text;
}

std::string proof_text(const PlacedVersion& placed) {
  if (!placed.verdict) return "not proven";
  const auto& verdict = *placed.verdict;
  if (verdict.to == registry::word(PlacementState::kAccepted))
    return verdict.until ? fmt::format("accepted until {}", day_text(*verdict.until))
                         : std::string("accepted");
  return fmt::format("{} proof", verdict.basis ? registry::word(*verdict.basis) : "no");
}

std::string cut_words(std::string_view text, std::size_t width) {
  std::string made;
  while (true) {
    const std::size_t end = std::min(text.find(' '), text.size());
    made += cut_word(text.substr(0, end), width);
    if (end == text.size()) return made;
    made += ' ';
    text.remove_prefix(end + 1);
  }
}

std::string whose_text(const registry::Tenant& tenant, const registry::Key& key,
                       std::size_t width) {
  const std::string whole = fmt::format("{} ({})", key_text(key), tenant_text(tenant));
  const std::string cut = cut_words(whole, width);
  return cut == whole ? whole : fmt::format("{}, id {}", cut, key.id);
}

}  // namespace keyrite::inventory
