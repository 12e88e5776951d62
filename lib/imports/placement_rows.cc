#include "imports/placement_rows.h"

#include <chrono>
#include <variant>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/chosen_destination.h"
#include "act/tenant_key.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/cloud_key.h"

namespace keyrite::imports {

namespace {

using act::Fact;
using registry::PlacementState;

registry::Time time_of(TimePoint when) {
  return std::chrono::floor<std::chrono::milliseconds>(when);
}

// When the cloud lets the key go, where the import says a day.
std::optional<registry::Time> end_of_material(const provider::ImportOptions& options) {
  std::optional<std::string> text;
  if (const auto* aws = std::get_if<provider::aws::ImportOptions>(&options)) text = aws->valid_to;
  if (const auto* azure = std::get_if<provider::azure::ImportOptions>(&options))
    text = azure->expires;
  if (!text) return std::nullopt;
  return time_of(parse_rfc3339(*text, "the end of the key material"));
}

Fact copy_of(const registry::VersionId& version, const MadeBundle& bundle) {
  return act::new_copy(registry::Copy{.id = act::random_id(),
                                      .version = version,
                                      .form = registry::CopyForm::kBundle,
                                      .sha256 = bundle.manifest_sha256,
                                      .state = registry::CopyState::kGivenAway});
}

}  // namespace

std::vector<PlacementState> states_to_wrapped(const std::optional<registry::Placement>& placement) {
  if (!placement) return {PlacementState::kAsked, PlacementState::kWrapped};
  switch (placement->state) {
    case PlacementState::kAsked:
    case PlacementState::kWithdrawn:
      return {PlacementState::kWrapped};
    case PlacementState::kWrapped:
      // What was wrapped before is not to be imported any more.
      return {PlacementState::kWithdrawn, PlacementState::kWrapped};
    default:
      return {};
  }
}

void require_same_cloud_key(const TenantTarget& target,
                            const provider::ImportParameters& parameters) {
  const auto& placement = target.placement;
  const auto* aws = std::get_if<provider::aws::ImportParameters>(&parameters);
  if (aws == nullptr || !placement || !states_to_wrapped(placement).empty()) return;
  const std::string& cloud_key = aws->key_id;
  const auto& row = target.destination;
  if (!placement->cloud_key ||
      registry::is_same_cloud_key({row, placement->cloud_key}, {row, std::optional(cloud_key)}))
    return;
  throw Error(Kind::kFailed, "placement-at-other-key",
              fmt::format("{} is {} at {} as {}, and the import parameters are of {}",
                          act::version_text(target.key, target.version.id),
                          registry::word(placement->state), act::place_text(target.destination),
                          printable(*placement->cloud_key), printable(cloud_key)),
              "fetch the parameters of that key of the cloud");
}

act::RegistryRows rows_of(const TenantTarget& target, const WrapOrder& order,
                          const std::vector<MadeBundle>& bundles) {
  Json manifests = Json::array();
  for (const auto& bundle : bundles) manifests.push_back(bundle.manifest_sha256);
  const Json what{target.destination.id, target.version.id.number, manifests};
  const auto until = provider::valid_until(order.parameters);
  const auto material = end_of_material(order.options);
  return act::rows_of(
      "wrap-for-import", what, 1,
      [target, bundles, until, material](registry::Stores& stores, const std::string& /*batch*/) {
        std::vector<Fact> list;
        for (const auto& bundle : bundles) list.push_back(copy_of(target.version.id, bundle));
        registry::Placement placement{.id = target.placement_id(), .key = target.key.id};
        for (const auto state : states_to_wrapped(target.placement)) {
          placement.state = state;
          const bool wrapped = state == PlacementState::kWrapped;
          registry::PlacementFacts facts;
          act::CloudKeyFacts cloud;
          if (wrapped) {
            if (until) facts.until = time_of(*until);
            cloud.key =
                stores.names.pseudonym_of(bundles.front().manifest.cloud.key, act::random_id());
            cloud.material_expires = material;
          }
          list.push_back(act::placed(placement, facts, cloud));
        }
        return act::changes(list);
      });
}

keys::UnownedKey unowned_key(const MadeBundle& bundle) {
  const auto& manifest = bundle.manifest;
  keys::UnownedKey key{.label = manifest.key.label,
                       .cka_id = from_hex(manifest.key.id),
                       .type = manifest.key.type,
                       .usage = bundle.usage,
                       .origin = manifest.origin.origin,
                       .check_values = manifest.check_values};
  if (!manifest.key.public_key_sha256.empty())
    key.public_key_sha256 = manifest.key.public_key_sha256;
  return key;
}

act::RegistryRows rows_of(const std::vector<MadeBundle>& bundles, const keys::UnownedKey& key,
                          const pkcs11::TokenInfo& token) {
  Json manifests = Json::array();
  for (const auto& bundle : bundles) manifests.push_back(bundle.manifest_sha256);
  return act::rows_of("wrap-for-import", manifests, 1,
                      [=](registry::Stores& stores, const std::string& batch) {
                        auto put = keys::put_on_record(stores, key, token, batch);
                        for (const auto& bundle : bundles)
                          put.changes.push_back(copy_of(put.version, bundle));
                        return act::changes(put.changes);
                      });
}

}  // namespace keyrite::imports
