#include "inventory/cbom.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/key_origin.h"
#include "base/text.h"
#include "inventory/internal/cbom_algorithm.h"
#include "inventory/internal/rows.h"

namespace keyrite::inventory {

namespace {

using registry::StateEvent;
using registry::VersionState;

Json property(const char* name, std::string value) {
  return {{"name", fmt::format("keyrite:{}", name)}, {"value", std::move(value)}};
}

std::string version_ref(const registry::VersionId& id) {
  return fmt::format("key/{}/{}", id.key, id.number);
}

const StateEvent* first_to(const std::vector<StateEvent>& events, VersionState state) {
  const auto found = std::ranges::find(events, registry::word(state), &StateEvent::to);
  return found == events.end() ? nullptr : &*found;
}

// What a person would look up: whose it is, where it is, what it was recognised by, and the entry
// of the log that made it what it is.
Json properties_of(const registry::Stores& stores, const HeldKey& held,
                   const registry::Version& version, const std::vector<StateEvent>& events) {
  Json list{property("tenant", tenant_text(held.tenant)),
            property("origin", std::string(key_origin_name(version.origin)))};
  if (const auto owner = held.owner()) list.push_back(property("owner", printable(*owner)));
  if (version.public_key_sha256)
    list.push_back(property("public-key-sha256", *version.public_key_sha256));
  for (const auto& one : stores.versions.check_values(version.id))
    list.push_back(property("check-value", fmt::format("{} {}", one.algorithm, one.value)));
  for (const auto& copy : stores.copies.of(version.id)) {
    const bool token = copy.form == registry::CopyForm::kToken;
    list.push_back(property("copy", fmt::format("{} {}: {}", registry::word(copy.form),
                                                printable(token ? copy.token_serial : copy.sha256),
                                                registry::word(copy.state))));
  }
  for (const auto& place : held.places) {
    for (const auto& placed : place.placed) {
      if (placed.placement.id.number != version.id.number) continue;
      list.push_back(property(
          "destination", fmt::format("{}: {}, {}", identifier_text(place.destination),
                                     registry::word(placed.placement.state), proof_text(placed))));
    }
  }
  if (!events.empty())
    list.push_back(property("log-entry", std::to_string(events.back().mark.entry.seq)));
  return list;
}

// expirationDate is the day by which an active version is to be rotated: its cryptoperiod ends.
Json material_of(const HeldKey& held, const KeyType& type, const registry::Version& version,
                 const std::vector<StateEvent>& events) {
  Json material{{"type", type.is_secret() ? "secret-key" : "private-key"},
                {"id", to_hex(version.cka_id)},
                {"state", registry::word(version.state)},
                {"algorithmRef", algorithm_ref(type, held.key.usage)},
                {"size", key_bits(type)},
                {"securedBy", {{"mechanism", "HSM"}}}};
  if (!events.empty()) {
    material["creationDate"] = time_text(events.front().mark.at);
    material["updateDate"] = time_text(events.back().mark.at);
  }
  if (const auto* made = first_to(events, VersionState::kActive))
    material["activationDate"] = time_text(made->mark.at);
  if (version.state == VersionState::kActive && held.key.due)
    material["expirationDate"] = time_text(*held.key.due);
  return material;
}

Json version_component(const registry::Stores& stores, const HeldKey& held, const KeyType& type,
                       const registry::Version& version) {
  const auto events = stores.versions.events(version.id);
  return {{"type", "cryptographic-asset"},
          {"bom-ref", version_ref(version.id)},
          {"name", fmt::format("{}, version {}", key_text(held.key), version.id.number)},
          {"cryptoProperties",
           {{"assetType", "related-crypto-material"},
            {"relatedCryptoMaterialProperties", material_of(held, type, version, events)}}},
          {"properties", properties_of(stores, held, version, events)}};
}

Json metadata_of(const CbomSource& source) {
  return {{"timestamp", time_text(source.now)},
          {"component",
           {{"type", "data"}, {"bom-ref", "registry"}, {"name", printable(source.origin)}}},
          {"tools",
           {{"components",
             {{{"type", "application"}, {"name", "keyrite"}, {"version", source.tool_version}}}}}},
          {"properties",
           {property("log-size", std::to_string(source.position.size)),
            property("log-last-leaf", source.position.leaf)}}};
}

}  // namespace

Json cbom_of(const registry::Stores& stores, const std::vector<HeldKey>& keys,
             const CbomSource& source) {
  Json components = Json::array();
  Json dependencies = Json::array();
  std::set<std::string> algorithms;
  for (const auto& held : keys) {
    const KeyType type = parse_key_type(held.key.type);
    const std::string algorithm = algorithm_ref(type, held.key.usage);
    if (!held.versions.empty() && algorithms.insert(algorithm).second)
      components.push_back(algorithm_component(type, held.key.usage));
    for (const auto& version : held.versions) {
      components.push_back(version_component(stores, held, type, version));
      dependencies.push_back(
          {{"ref", version_ref(version.id)}, {"dependsOn", Json::array({algorithm})}});
    }
  }
  return {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
          {"bomFormat", "CycloneDX"},
          {"specVersion", "1.6"},
          {"version", 1},
          {"metadata", metadata_of(source)},
          {"components", std::move(components)},
          {"dependencies", std::move(dependencies)}};
}

}  // namespace keyrite::inventory
