// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/standing_text.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::rotation {

namespace {

using registry::PlacementState;

std::string named(const Standing& standing) {
  return fmt::format("--tenant {} --key {}", shell_quote(standing.tenant.name.value_or("")),
                     shell_quote(standing.key.name.value_or("")));
}

// What is only wrapped is wrapped again for another KMS key.
bool is_beside_compromised(const Standing& standing, const keys::UnprovenPlace& place) {
  return std::ranges::any_of(standing.places, [&](const Place& one) {
    return one.destination.id == place.destination.id && one.opens_compromised && has_version(one);
  });
}

// nullopt: it is no replica, or its primary key has the version.
std::optional<std::string> wait_for_primary(const Standing& standing,
                                            const keys::UnprovenPlace& place) {
  for (const auto& one : standing.places) {
    if (one.destination.id != place.destination.id || !waits_for_primary(standing.key, one))
      continue;
    const auto& primary = *one.replica_of;
    if (primary.is_known)
      return fmt::format(
          "it is a replica, and follows when the answers of its primary key in {} "
          "say that that has the version",
          printable(primary.region));
    return fmt::format(
        "it is a replica, and the key has no multi-Region destination in {}: keyrite destination "
        "add NAME {} --provider aws --region {} --multi-region",
        printable(primary.region), named(standing), shell_quote(primary.region));
  }
  return std::nullopt;
}

// The folder of the bundle is the one that rotate gives it. Names were chosen by somebody else:
// each is one shell word.
std::string what_to_do(const Standing& standing, const keys::UnprovenPlace& place) {
  const auto& destination = place.destination;
  const auto number = standing.meant()->id.number;
  if (is_beside_compromised(standing, place)) {
    return fmt::format(
        "the KMS key there opens what a compromised version encrypted, for as long as it lives, "
        "and "
        "has version {} too: the version after it gets a KMS key of its own: keyrite rotate {} "
        "--force --output FOLDER",
        number, named(standing));
  }
  if (const auto wait = wait_for_primary(standing, place)) return *wait;
  const auto bundle = folder_of(destination, number);
  switch (place.state) {
    case PlacementState::kNone:
    case PlacementState::kAsked:
    case PlacementState::kWithdrawn:
      return fmt::format(
          "keyrite rotate {0} --output FOLDER; run FOLDER/{1}/fetch.sh on the connected machine; "
          "then: keyrite rotate {0} --parameters FOLDER --output BUNDLES",
          named(standing), ask_folder(destination, number));
    case PlacementState::kWrapped:
      return fmt::format(
          "run BUNDLES/{0}/import.sh on the connected machine, bring {0}.answers back; then: "
          "keyrite rotate {1} --answers BUNDLES",
          bundle, named(standing));
    case PlacementState::kDifferent:
      return "the cloud holds another key: find out whose it is, before anything is switched";
    case PlacementState::kProven:
      return fmt::format(
          "the cloud's own statement proves it, and the policy of the key asks for more: find a "
          "cryptographic proof, or keyrite key change {} --tenant {} --accept statement",
          shell_quote(standing.key.name.value_or("")),
          shell_quote(standing.tenant.name.value_or("")));
    default:
      return fmt::format(
          "bring more answers of {0}, then: keyrite rotate {1} --answers BUNDLES; or an officer "
          "accepts it: keyrite inventory accept {1} --provider {2} --destination {3} --until TIME "
          "--reason TEXT",
          bundle, named(standing), shell_quote(destination.provider),
          shell_quote(destination.name));
  }
}

std::string how_to_switch(const Standing& standing, const Place& place) {
  const auto number = standing.active->id.number;
  return fmt::format(
      "keyrite rotate {0} --parameters FOLDER --output BUNDLES, with what {1}/fetch.sh fetched; "
      "run "
      "BUNDLES/{2}-switch/import.sh on the connected machine; then: keyrite rotate {0} --answers "
      "BUNDLES",
      named(standing), ask_folder(place.destination, number), folder_of(place.destination, number));
}

}  // namespace

std::string key_text(const Standing& standing) {
  return fmt::format("{} ({})", printable(standing.key.name.value_or(standing.key.id)),
                     printable(standing.tenant.name.value_or(standing.tenant.id)));
}

Json waits_json(const Standing& standing) {
  Json all = Json::array();
  for (const auto& place : standing.unproven) {
    all.push_back({{"destination", place.destination.name},
                   {"provider", place.destination.provider},
                   {"state", registry::word(place.state)},
                   {"do", what_to_do(standing, place)}});
  }
  if (!standing.awaits_switch()) return all;
  for (const auto& place : standing.places) {
    if (!needs_own_name(place)) continue;
    all.push_back({{"destination", place.destination.name},
                   {"provider", place.destination.provider},
                   {"state", registry::word(place.state())},
                   {"do", how_to_switch(standing, place)}});
  }
  return all;
}

std::vector<std::string> waits_lines(const Standing& standing) {
  std::vector<std::string> lines;
  for (const auto& one : waits_json(standing)) {
    const auto state = one.at("state").get<std::string>();
    lines.push_back(fmt::format(
        "  {} \"{}\": {}", printable(one.at("provider").get<std::string>()),
        printable(one.at("destination").get<std::string>()),
        state == registry::word(PlacementState::kNone) ? "nothing was done there yet" : state));
    lines.push_back("    " + one.at("do").get<std::string>());
  }
  return lines;
}

}  // namespace keyrite::rotation
