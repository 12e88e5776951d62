// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/lost_bundle.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::rotation {

namespace {

using registry::Placement;
using registry::PlacementState;

// The bundles of the version that is meant, of which nobody said what became of them.
std::vector<Place> waiting_bundles(const registry::Stores& stores, const std::string& key) {
  const auto waiting = stores.versions.waiting(key);
  const auto meant = waiting ? waiting : stores.versions.active(key);
  if (!meant) return {};
  auto places = places_of(stores, meant->id);
  std::erase_if(places,
                [](const Place& place) { return place.state() != PlacementState::kWrapped; });
  return places;
}

Place bundle_meant(const registry::Stores& stores, const RotateRequest& one) {
  const auto key = act::key_named(stores, *one.tenant, *one.key);
  auto places = waiting_bundles(stores, key.id);
  if (one.destination) {
    const auto row =
        act::destination_chosen(stores, {*one.destination, *one.tenant, *one.key, std::nullopt});
    std::erase_if(places, [&](const Place& place) { return place.destination.id != row.id; });
  }
  if (places.size() == 1) return places.front();
  if (places.empty()) {
    throw Error(Kind::kFailed, "bundle-not-waiting",
                "no bundle of the key waits there for its import, so none is lost",
                "keyrite rotate --status says where the rotation stands");
  }
  throw Error(Kind::kUsage, "rotate-what",
              fmt::format("{} bundles of the key wait for their import", places.size()),
              "say with --destination which one is lost");
}

Place read_bundle(const RotateRequest& one, const act::Context& context) {
  const registry::Registry registry(act::required_site(context).path(site::kRegistryName));
  const auto view = registry.read();
  return bundle_meant(*view.operator->(), one);
}

act::RegistryRows rows_of(const RotateRequest& one, const registry::PlacementId& id) {
  return act::rows_of(kRotateAct, Json{id.destination, id.number, "bundle-lost"}, 1,
                      [one, id](registry::Stores& stores, const std::string& /*batch*/) {
                        auto placement = bundle_meant(stores, one).placement.value();
                        if (placement.id != id) {
                          throw Error(Kind::kFailed, "bundle-not-waiting",
                                      "another bundle waits now than the one that was lost",
                                      "run this again");
                        }
                        placement.state = PlacementState::kWithdrawn;
                        return act::changes({act::placed(placement)});
                      });
}

act::Outcome performed(const RotateRequest& one, const registry::PlacementId& id, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto reason = act::keep_text(site.path(site::kTextsName), *one.reason);
  act::Outcome outcome{
      .document = Json::object(),
      .facts = {{"destination", act::Fact::id(id.destination)}, {"version", id.number}},
      .registry = rows_of(one, id)};
  outcome.facts.join(reason.log_facts());
  return outcome;
}

// Until when the newest bundle that was withdrawn could be imported; nullopt: none was.
struct Withdrawn {
  std::optional<registry::Time> until{};
};
std::optional<Withdrawn> newest_withdrawn(const std::vector<registry::StateEvent>& events) {
  std::optional<Withdrawn> found;
  std::optional<registry::Time> until;
  for (const auto& event : events) {
    if (event.to == registry::word(PlacementState::kWrapped)) until = event.until;
    if (event.to == registry::word(PlacementState::kWithdrawn) &&
        event.from == registry::word(PlacementState::kWrapped))
      found = Withdrawn{until};
  }
  return found;
}

}  // namespace

act::Act lose_bundle(const RotateRequest& one) {
  return {approval::operation_named(kRotateAct), [one](const act::Context& context) {
            act::require_name(*one.reason, "the reason");
            const auto place = read_bundle(one, context);
            const auto id = place.placement->id;
            return act::PreparedAct{
                .intent = {.act = kRotateAct,
                           .request = act::record(one),
                           .inputs = {{.name = "version", .value = id.number},
                                      {.name = "destination_id", .value = id.destination}},
                           .covers = {.keys = {place.placement->key},
                                      .destinations = {id.destination}}},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [one, id](act::AtWork& at) { return performed(one, id, at); }};
          }};
}

std::vector<std::string> lost_bundles(const registry::Stores& stores, const Standing& standing,
                                      registry::Time now) {
  std::vector<std::string> lines;
  for (const auto& place : standing.places) {
    if (!place.placement) continue;
    const auto lost = newest_withdrawn(stores.placements.events(place.placement->id));
    if (!lost || (lost->until && *lost->until <= now)) continue;
    lines.push_back(fmt::format(
        "an earlier bundle of version {} for {} was withdrawn{}: whoever has it can still "
        "import it there",
        place.placement->id.number, act::place_text(place.destination),
        lost->until ? ", with parameters until " + format_rfc3339(*lost->until)
                    : std::string(", and its parameters have no end")));
  }
  return lines;
}

}  // namespace keyrite::rotation
