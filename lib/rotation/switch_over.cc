// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/switch_over.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "base/file.h"
#include "base/text.h"
#include "imports/tenant_target.h"
#include "provider/state_script.h"
#include "provider/switch_commands.h"
#include "registry/cloud_key.h"

namespace keyrite::rotation {

namespace {

namespace fs = std::filesystem;
using provider::SwitchBy;

SwitchBy switch_by(const registry::Key& key, const Place& place) {
  switch (provider::parse_provider(place.destination.provider)) {
    case provider::Provider::kAws:
      return registry::is_same_cloud_key({place.destination, place.before->cloud_key},
                                         {place.destination, place.placement->cloud_key})
                 ? SwitchBy::kRotateInPlace
                 : SwitchBy::kMoveAlias;
    case provider::Provider::kGoogle:
      return provider::has_primary_version(imports::place_of(place.destination),
                                           parse_key_type(key.type))
                 ? SwitchBy::kSetPrimary
                 : SwitchBy::kConsumers;
    case provider::Provider::kAzure:
      break;
  }
  return SwitchBy::kConsumers;
}

// AWS proves of such a key what it uses, so that what is proven there was switched to.
bool serves_by_proof(const registry::Key& key, const Place& place) {
  return place.state() == registry::PlacementState::kProven &&
         place.destination.provider == "aws" && switch_by(key, place) == SwitchBy::kRotateInPlace;
}

// Consumers use the version before no more, by what the registry has of it.
bool was_left(const registry::Placement& before) {
  switch (before.state) {
    case registry::PlacementState::kDisabled:
    case registry::PlacementState::kDeletionScheduled:
    case registry::PlacementState::kDeleted:
      return true;
    default:
      return false;
  }
}

// Not of Azure, where an import is the switch; not to a KMS key that opens what was compromised,
// and not where nobody used a version before, and not to what is not known to be this version; nor
// where this version serves already.
bool is_switched_by_script(const registry::Key& key, const Place& place) {
  if (!place.placement || !place.before || place.destination.provider == "azure" ||
      place.opens_compromised)
    return false;
  const bool known = place.state() == registry::PlacementState::kProven ||
                     place.state() == registry::PlacementState::kAccepted;
  return known && !serves_by_proof(key, place) && !was_left(*place.before);
}

void add_step(std::map<provider::Provider, provider::StateScript>& scripts, KeyRun& run,
              const Place& place) {
  const auto by = switch_by(run.standing.key, place);
  const auto where = act::place_text(place.destination);
  if (by == SwitchBy::kConsumers) {
    run.remarks.push_back(fmt::format("at {} consumers name the version themselves: {}", where,
                                      printable(place.placement->cloud_version.value_or("?"))));
    return;
  }
  if (by == SwitchBy::kRotateInPlace) {
    const auto bundle = folder_of(place.destination, place.placement->id.number);
    run.remarks.push_back(fmt::format(
        "AWS proves what it uses: after the switch run BUNDLES/{0}-again/import.sh --first-answers "
        "BUNDLES/{0}.answers, and judge its answers with --answers BUNDLES",
        bundle));
  }
  const auto key = cloud_key_of(place);
  auto& script = scripts[key.provider];
  script.provider = key.provider;
  script.version = fmt::format("version {}", run.standing.active->id.number);
  script.steps.push_back(
      {.place = where,
       .command = provider::switch_command(key, by),
       .question = provider::switch_question(key, by),
       .why_not = "the registry does not know the cloud's version: bring answers that name it",
       .only_asks = by == SwitchBy::kRotateInPlace && place.replica_of.has_value()});
}

}  // namespace

std::vector<registry::Key> keys_with_scripts(const registry::Stores& stores) {
  std::vector<registry::Key> keys;
  for (auto& key : stores.keys.list()) {
    const auto active = stores.versions.active(key.id);
    if (!active || stores.versions.waiting(key.id)) continue;
    const auto has_script = [&](const Place& place) {
      return is_switched_by_script(key, place) && switch_by(key, place) != SwitchBy::kConsumers;
    };
    if (std::ranges::any_of(places_of(stores, active->id), has_script)) keys.push_back(key);
  }
  return keys;
}

void write_switch(const RotateRequest& request, KeyRun& run) {
  const auto& standing = run.standing;
  if (!request.output || standing.waiting || !standing.active || run.suspended) return;
  std::map<provider::Provider, provider::StateScript> scripts;
  // A replica rotates with its primary key.
  for (const bool replicas : {false, true}) {
    for (const auto& place : standing.places) {
      if (is_switched_by_script(standing.key, place) && place.replica_of.has_value() == replicas)
        add_step(scripts, run, place);
    }
  }
  if (scripts.empty()) return;
  std::vector<FolderFile> files;
  for (const auto& [provider, script] : scripts) {
    const auto text = provider::switch_script(script);
    files.push_back(
        {provider::switch_script_name(provider), Bytes(text.begin(), text.end()), true});
  }
  const auto folder =
      (fs::path(*request.output) /
       fmt::format("switch-{}-v{}", standing.key.id.substr(0, 8), standing.active->id.number))
          .string();
  require_folder(*request.output);
  if (!has_files(folder, files)) write_new_folder(folder, files);
  run.switching.push_back(folder);
  run.remarks.emplace_back(
      "keyrite does not see whether a cloud has switched: the scripts do what is not done yet");
}

}  // namespace keyrite::rotation
