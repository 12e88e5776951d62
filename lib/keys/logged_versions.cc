// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/logged_versions.h"

#include "act/registry_replay.h"
#include "base/json.h"

namespace keyrite::keys {

namespace {

registry::VersionId version_id(const Json& told) {
  return {told.value("key", ""), told.value("number", std::int64_t{0})};
}

void take_version(LoggedVersion& one, const Json& told) {
  if (told.contains("state")) one.state = told.value("state", "");
  if (!told.contains("cka_id")) return;
  one.cka_id = told.value("cka_id", "");
  one.public_key_sha256 = told.value("public_key_sha256", "");
  for (const auto& value : told.value("check_values", Json::array()))
    one.check_values.push_back({value.value("alg", ""), value.value("value", "")});
}

void take_copy(LoggedVersions& logged, const Json& told, const std::string& act) {
  const auto id = told.value("id", "");
  if (told.contains("form")) {
    if (told.value("form", "") != "token") return;
    logged.copies[id] = version_id(told);
    logged.versions[version_id(told)].copies[id].token_serial = told.value("token_serial", "");
  }
  const auto whose = logged.copies.find(id);
  if (whose == logged.copies.end()) return;
  auto& copy = logged.versions[whose->second].copies[id];
  copy.state = told.value("state", "");
  copy.shown_gone = copy.state == "destroyed" && act == kDestroyAct;
}

// Only acts at the token condemn, and show that a copy is gone: anybody who may write the folder
// can write of an act on files.
void take(LoggedVersions& logged, const Json& change, const act::RegistryEntry& by) {
  const auto entry = by.mark.entry.seq;
  if (const auto told = change.find("version"); told != change.end())
    take_version(logged.versions[version_id(*told)], *told);
  if (const auto told = change.find("copy"); told != change.end()) take_copy(logged, *told, by.act);
  if (const auto told = change.find("frozen"); told != change.end()) {
    auto& one = logged.versions[version_id(*told)];
    one.frozen_by = told->value("becomes", "") == "frozen" ? std::optional(entry) : std::nullopt;
  }
  if (const auto told = change.find("condemned"); told != change.end() && by.act == kShredAct)
    logged.versions[version_id(*told)].condemned_by = entry;
  if (const auto told = change.find("waived"); told != change.end() && by.act == kWaiveAct)
    logged.waived[{told->value("destination", ""), told->value("number", std::int64_t{0})}] = entry;
}

}  // namespace

LoggedVersion LoggedVersions::of(const registry::VersionId& id) const {
  const auto found = versions.find(id);
  return found == versions.end() ? LoggedVersion{} : found->second;
}

LoggedVersions logged_versions(const site::Site& site) {
  LoggedVersions logged;
  act::each_registry_entry(site, 0, [&](const act::RegistryEntry& entry) {
    for (const auto& change : entry.facts.value("changes", Json::array()))
      take(logged, change, entry);
  });
  return logged;
}

}  // namespace keyrite::keys
