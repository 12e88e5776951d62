// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/places.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "imports/cloud_version.h"
#include "imports/tenant_target.h"
#include "provider/fetch_script.h"

namespace keyrite::rotation {

namespace {

using registry::PlacementState;

constexpr std::size_t kTag = 8;

std::int64_t count_of(const std::vector<registry::Placement>& placements) {
  return std::ranges::count_if(placements, is_at_cloud);
}

// What the cloud may have, whatever came of it: also what was wrapped and never answered, and what
// was judged another key.
bool is_not_gone(const registry::Placement& placement) {
  return placement.state != PlacementState::kNone && placement.state != PlacementState::kAsked &&
         placement.state != PlacementState::kDeleted;
}

// Every other version that the cloud may have in the cloud key of this one.
std::vector<registry::Placement> others_in_cloud_key(const registry::Stores& stores,
                                                     const registry::Placement& placement) {
  std::vector<registry::Placement> others;
  if (!placement.cloud_key) return others;
  for (const auto& destination : stores.destinations.of(placement.key)) {
    for (auto& one : stores.placements.sharing(destination.id, placement)) {
      if (one.id != placement.id && is_not_gone(one)) others.push_back(std::move(one));
    }
  }
  return others;
}

std::optional<registry::Time> end_of_bundle(const registry::Stores& stores,
                                            const std::optional<registry::Placement>& placement) {
  if (!placement || placement->state != PlacementState::kWrapped) return std::nullopt;
  const auto events = stores.placements.events(placement->id);
  return events.empty() ? std::nullopt : events.back().until;
}

// It may be at the cloud, and consumers may use what is there.
bool may_be_at_cloud(const registry::Placement& placement) {
  return is_not_gone(placement) && placement.state != PlacementState::kWithdrawn;
}

// A version that was given up served nobody.
std::optional<registry::Placement> newest_before(const registry::Stores& stores,
                                                 const std::string& destination,
                                                 const registry::VersionId& version,
                                                 bool (*counts)(const registry::Placement&)) {
  std::optional<registry::Placement> before;
  for (const auto& one : stores.placements.at(destination)) {
    const auto number = one.id.number;
    if (!counts(one) || number >= version.number || (before && before->id.number > number))
      continue;
    const auto known = stores.versions.find({version.key, number});
    if (known && known->state != registry::VersionState::kDestroyed) before = one;
  }
  return before;
}

// What the cloud has goes before what it may have: nobody knows what that is.
std::optional<registry::Placement> before_of(const registry::Stores& stores,
                                             const std::string& destination,
                                             const registry::VersionId& version) {
  auto before = newest_before(stores, destination, version, is_at_cloud);
  return before ? before : newest_before(stores, destination, version, may_be_at_cloud);
}

bool is_of_compromised(const registry::Stores& stores, const registry::Placement& placement) {
  const auto version = stores.versions.find({placement.key, placement.id.number});
  return version && version->state == registry::VersionState::kCompromised;
}

// Whether a version in the KMS key of the placement is compromised: by whichever destination of the
// key it came there.
bool opens_compromised(const registry::Stores& stores, const registry::Destination& destination,
                       const std::optional<registry::Placement>& placement) {
  if (destination.provider != "aws" || !placement || !placement->cloud_key) return false;
  const auto is_leaked = [&](const auto& one) {
    return may_be_at_cloud(one) && is_of_compromised(stores, one);
  };
  return std::ranges::any_of(stores.destinations.of(destination.key), [&](const auto& other) {
    return std::ranges::any_of(stores.placements.sharing(other.id, *placement), is_leaked);
  });
}

provider::aws::ImportOptions aws_options(const registry::Destination& destination) {
  return std::get<provider::aws::ImportOptions>(imports::place_of(destination).options);
}

// Options are parsed only where they may say it: a registry has many destinations.
std::optional<PrimaryPlace> primary_of(const registry::Stores& stores,
                                       const registry::Destination& replica,
                                       const registry::VersionId& version) {
  if (replica.provider != "aws" || replica.options.find("\"replica-of\"") == std::string::npos)
    return std::nullopt;
  PrimaryPlace primary{.region = aws_options(replica).replica_of.value_or("")};
  for (const auto& one : stores.destinations.of(version.key)) {
    const bool there = !one.retired && one.provider == "aws" && one.account == replica.account &&
                       one.region == primary.region;
    if (!there || !aws_options(one).multi_region) continue;
    primary.is_known = true;
    primary.placement = stores.placements.find({one.id, version.number});
  }
  return primary;
}

Place place_at(const registry::Stores& stores, const registry::Destination& destination,
               const registry::VersionId& version) {
  Place place{.destination = destination,
              .placement = stores.placements.find({destination.id, version.number}),
              .at_destination = count_of(stores.placements.at(destination.id))};
  place.parameters_until = end_of_bundle(stores, place.placement);
  place.before = before_of(stores, destination.id, version);
  place.replica_of = primary_of(stores, destination, version);
  place.opens_compromised = opens_compromised(stores, destination, place.placement);
  place.before_opens_compromised = opens_compromised(stores, destination, place.before);
  if (place.before && place.before->cloud_key) {
    place.in_cloud_key = count_of(stores.placements.sharing(destination.id, *place.before));
  }
  return place;
}

bool was_wrapped(const registry::Stores& stores, const registry::Placement& placement) {
  if (placement.state == PlacementState::kWrapped) return true;
  return placement.state == PlacementState::kWithdrawn &&
         std::ranges::any_of(stores.placements.events(placement.id), [](const auto& event) {
           return event.to == registry::word(PlacementState::kWrapped);
         });
}

}  // namespace

bool is_at_cloud(const registry::Placement& placement) {
  switch (placement.state) {
    case PlacementState::kImported:
    case PlacementState::kProven:
    case PlacementState::kAccepted:
    case PlacementState::kServing:
    case PlacementState::kDisabled:
      return true;
    default:
      return false;
  }
}

std::vector<Place> places_of(const registry::Stores& stores, const registry::VersionId& version) {
  std::vector<Place> places;
  for (const auto& destination : stores.destinations.of(version.key))
    if (!destination.retired) places.push_back(place_at(stores, destination, version));
  return places;
}

bool has_version(const Place& place) { return place.placement && is_at_cloud(*place.placement); }

bool has_version_before(const Place& place) { return place.before && is_at_cloud(*place.before); }

bool waits_for_primary(const registry::Key& key, const Place& place) {
  if (!place.replica_of) return false;
  const auto& primary = place.replica_of->placement;
  if (!primary || !is_at_cloud(*primary) || !primary->cloud_key) return true;
  return is_symmetric_at_aws(key, place.destination) && !primary->cloud_version;
}

bool needs_parameters(const Place& place, registry::Time now) {
  switch (place.state()) {
    case PlacementState::kNone:
    case PlacementState::kAsked:
    case PlacementState::kWithdrawn:
      return true;
    case PlacementState::kWrapped:
      return place.opens_compromised || (place.parameters_until && *place.parameters_until <= now);
    default:
      return false;
  }
}

provider::CloudKeyVersion cloud_key_of(const Place& place) {
  return imports::cloud_version_of(place.destination, place.placement.value());
}

bool needs_own_name(const Place& place) {
  const bool checked =
      place.state() == PlacementState::kProven || place.state() == PlacementState::kAccepted;
  return checked && place.before && place.destination.provider == "azure" &&
         place.placement->cloud_key !=
             fmt::format("https://{}/keys/{}", place.destination.container, place.destination.name);
}

bool is_symmetric_at_aws(const registry::Key& key, const registry::Destination& destination) {
  if (destination.provider != "aws") return false;
  const provider::FetchOrder order{.place = imports::place_of(destination),
                                   .type = parse_key_type(key.type)};
  return provider::fetched_files(order).verification.has_value();
}

bool moves_consumers(const registry::Key& key, const Place& place) {
  return place.before && place.destination.provider == "aws" &&
         !is_symmetric_at_aws(key, place.destination);
}

bool has_files(const std::string& folder, const std::vector<FolderFile>& files) {
  for (const auto& file : files) {
    const auto path = std::filesystem::path(folder) / file.name;
    if (!std::filesystem::exists(path) || read_file(path) != file.content) return false;
  }
  return true;
}

std::vector<GivenUp> given_up_places(const registry::Stores& stores, const std::string& key) {
  std::vector<GivenUp> all;
  for (const auto& version : stores.versions.of(key)) {
    if (version.state != registry::VersionState::kDestroyed) continue;
    // A destination that was retired has its keys still.
    for (const auto& destination : stores.destinations.of(key)) {
      auto place = place_at(stores, destination, version.id);
      const bool there = place.placement && (is_at_cloud(*place.placement) ||
                                             place.state() == PlacementState::kDifferent);
      if (!there) continue;
      const auto others = others_in_cloud_key(stores, *place.placement);
      const auto& cloud_version = place.placement->cloud_version;
      const bool named_twice =
          cloud_version && std::ranges::find(others, cloud_version,
                                             &registry::Placement::cloud_version) != others.end();
      const bool shared = !others.empty();
      all.push_back({std::move(place), shared, named_twice});
    }
  }
  return all;
}

std::vector<CompromisedPlace> compromised_places(const registry::Stores& stores,
                                                 const std::string& key) {
  std::vector<CompromisedPlace> all;
  for (const auto& version : stores.versions.of(key)) {
    if (version.state != registry::VersionState::kCompromised) continue;
    for (const auto& destination : stores.destinations.of(key)) {
      auto place = place_at(stores, destination, version.id);
      if (!place.placement || !may_be_at_cloud(*place.placement)) continue;
      const bool shares =
          std::ranges::any_of(others_in_cloud_key(stores, *place.placement),
                              [&](const auto& one) { return !is_of_compromised(stores, one); });
      all.push_back({std::move(place), shares});
    }
  }
  return all;
}

std::vector<Place> unanswered_bundles(const registry::Stores& stores, const std::string& key) {
  std::vector<Place> all;
  for (const auto& version : stores.versions.of(key)) {
    if (version.state != registry::VersionState::kDestroyed &&
        version.state != registry::VersionState::kPreActivation)
      continue;
    for (const auto& destination : stores.destinations.of(key)) {
      auto place = place_at(stores, destination, version.id);
      if (place.placement && was_wrapped(stores, *place.placement)) all.push_back(std::move(place));
    }
  }
  return all;
}

std::string folder_of(const registry::Destination& destination, std::int64_t version) {
  return fmt::format("{}-{}-v{}", destination.provider, destination.id.substr(0, kTag), version);
}

std::string check_name(const registry::Destination& destination, std::int64_t version) {
  return fmt::format("keyrite-check-{}-{}", destination.id.substr(0, kTag), version);
}

std::string ask_folder(const registry::Destination& destination, std::int64_t version) {
  return "ask-" + folder_of(destination, version);
}

}  // namespace keyrite::rotation
