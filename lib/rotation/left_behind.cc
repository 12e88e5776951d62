// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/left_behind.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/file.h"
#include "provider/re_encryption.h"
#include "registry/registry.h"
#include "rotation/places.h"
#include "site/layout.h"

namespace keyrite::rotation {

namespace {

using registry::VersionId;

// An entry that names a version and data keys says that they are under it, whichever act it is of.
void add_data_keys(const Json& facts, const VersionId& version, std::set<std::string>& ids) {
  const auto says = [&](const char* name, const Json& wanted) {
    const auto found = facts.find(name);
    return found != facts.end() && *found == wanted;
  };
  if (!says("key", version.key) || !says("version", version.number)) return;
  if (facts.contains("dek")) ids.insert(facts.at("dek").get<std::string>());
  for (const auto& one : facts.value("deks", Json::array())) {
    if (!one.contains("refused")) ids.insert(one.at("id").get<std::string>());
  }
}

Json replacement(const registry::Stores& stores, const std::string& id) {
  Json one{{"dek", id},
           {"kept", nullptr},
           {"holder", nullptr},
           {"expires", nullptr},
           {"seals_credential", stores.deks.seals_credential(id)}};
  const auto dek = stores.deks.find(id);
  if (!dek) return one;  // it was removed after its time
  one["kept"] = registry::word(dek->kept);
  if (dek->holder) one["holder"] = *dek->holder;
  if (dek->expires) one["expires"] = format_rfc3339(*dek->expires);
  return one;
}

std::string lines_of(const site::Site& site, const std::vector<std::string>& ids) {
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  std::string lines;
  for (const auto& id : ids) lines += canonical_json(replacement(*view.operator->(), id)) + "\n";
  return lines;
}

// The active version's key at the same destination, when the cloud is known to have it.
std::optional<std::string> new_key_at(const Standing& standing, const std::string& destination) {
  if (!standing.active || standing.waiting) return std::nullopt;
  for (const auto& place : standing.places) {
    if (place.destination.id != destination || !has_version(place)) continue;
    return place.opens_compromised ? std::nullopt : place.placement->cloud_key;
  }
  return std::nullopt;
}

std::string what_to_do(const Standing& standing, const Place& old) {
  if (is_symmetric_at_aws(standing.key, old.destination)) {
    const auto to = new_key_at(standing, old.destination.id);
    const auto command =
        to ? provider::re_encryption_command(cloud_key_of(old), *to) : std::nullopt;
    if (command) return *command;
    return "this KMS key opens what it encrypted for as long as it lives: when the next version "
           "has a KMS key of its own, run keyrite rotate again for the command";
  }
  switch (standing.key.usage) {
    case registry::Usage::kSign:
    case registry::Usage::kMac:
      return "whatever this version signed or MACed may be forged: make it anew under the next "
             "version";
    default:
      return "decrypt by this version what it encrypted, and encrypt it by the next one";
  }
}

// nullopt: the cloud disables only a whole key, and another version is in it.
std::optional<std::string> disabling(const Place& old, bool shares_cloud_key) {
  using provider::CloudChange;
  const auto key = cloud_key_of(old);
  if (shares_cloud_key && provider::changes_whole_key(key.provider, CloudChange::kDisable))
    return std::nullopt;
  return provider::state_command(key, CloudChange::kDisable);
}

}  // namespace

std::vector<std::string> data_keys_once_under(const site::Site& site, const VersionId& version) {
  std::set<std::string> ids;
  act::each_registry_entry(
      site, 0, [&](const act::RegistryEntry& entry) { add_data_keys(entry.facts, version, ids); });
  return {ids.begin(), ids.end()};
}

Json list_replacements(const RotateRequest& request, const act::Context& context,
                       const VersionId& version) {
  const auto& site = act::required_site(context);
  const auto ids = data_keys_once_under(site, version);
  Json list{{"version", version.number}, {"count", ids.size()}, {"file", nullptr}};
  if (ids.empty() || !request.output) return list;
  const auto file = std::filesystem::path(*request.output) /
                    fmt::format("replace-{}-v{}.jsonl", version.key.substr(0, 8), version.number);
  require_folder(*request.output);
  replace_file(file, as_bytes(lines_of(site, ids)));
  list["file"] = file.string();
  return list;
}

Json re_encryptions(const registry::Stores& stores, const Standing& standing) {
  Json list = Json::array();
  for (const auto& [old, shared] : compromised_places(stores, standing.key.id)) {
    const auto& placement = *old.placement;
    const auto disable = disabling(old, shared);
    list.push_back(
        {{"destination", old.destination.name},
         {"provider", old.destination.provider},
         {"version", placement.id.number},
         {"cloud_key", placement.cloud_key ? Json(*placement.cloud_key) : Json()},
         {"cloud_version", placement.cloud_version ? Json(*placement.cloud_version) : Json()},
         {"do", what_to_do(standing, old)},
         {"then", disable ? Json(*disable) : Json()}});
  }
  return list;
}

}  // namespace keyrite::rotation
