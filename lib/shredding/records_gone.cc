// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Which data keys left the registry, as the log has it.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/bytes.h"
#include "crypto/sha256.h"
#include "registry/registry.h"
#include "shredding/internal/shred_acts.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

using registry::VersionId;

// The decision that all of `closing` are of, where no version of it is left but these.
std::set<VersionId> whole_decision(const LoggedVersions& logged,
                                   const std::vector<VersionId>& closing) {
  if (closing.empty()) return {};
  const auto decision = logged.versions.at(closing.front()).condemned_by;
  std::set<VersionId> versions;
  for (const auto& [id, one] : logged.versions) {
    if (one.condemned_by != decision) continue;
    const bool is_over =
        one.state == "destroyed" || std::ranges::find(closing, id) != closing.end();
    if (!is_over) return {};
    versions.insert(id);
  }
  const bool one_decision =
      std::ranges::all_of(closing, [&](const VersionId& id) { return versions.contains(id); });
  return one_decision ? versions : std::set<VersionId>{};
}

// In the order of a list that is approved (loss.h): by the key's name and the number.
using Place = std::tuple<std::string, std::int64_t, std::string>;
std::map<VersionId, Place> places_of(const registry::Stores& stores,
                                     const std::set<VersionId>& versions) {
  std::map<VersionId, Place> places;
  for (const auto& id : versions) {
    const auto key = stores.keys.find(id.key);
    places[id] = {key ? key->name.value_or(key->id) : id.key, id.number, id.key};
  }
  return places;
}

}  // namespace

std::optional<RecordsGone> records_gone(const site::Site& site, const LoggedVersions& logged,
                                        const std::vector<VersionId>& closing) {
  const auto versions = whole_decision(logged, closing);
  if (versions.empty()) return std::nullopt;
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const auto places = places_of(*view.operator->(), versions);
  RecordsGone gone;
  std::map<Place, std::string> lists;
  act::each_registry_entry(site, 0, [&](const act::RegistryEntry& entry) {
    if (entry.act != kRecordsAct) return;
    for (const auto& told : entry.facts.value("deks", Json::array())) {
      const auto id = told.value("id", "");
      const auto dek = view->deks.find(id);
      const auto place = dek ? places.find(dek->version) : places.end();
      if (place == places.end()) continue;
      ++gone.deks;
      lists[place->second] += fmt::format("{} {}\n", id, told.value("sha256", ""));
    }
  });
  crypto::Sha256 digest;
  for (const auto& [ignored, list] : lists) digest.update(as_bytes(list));
  gone.list_sha256 = to_hex(digest.finish());
  return gone;
}

}  // namespace keyrite::shredding
