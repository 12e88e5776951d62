#include "acts/wrap_for_import.h"

namespace keyrite::acts {

namespace {

Json key_json(const std::string& label, const std::string& id, const KeyType& type) {
  return {{"label", label}, {"id", id}, {"type", type.name()}};
}

Json bundle_json(const PlannedBundle& bundle) {
  const auto& destination = bundle.destination;
  const auto& recipe = bundle.method.recipe;
  return {{"purpose", provider::purpose_name(bundle.purpose)},
          {"provider", provider::provider_name(destination.provider())},
          {"cloud_key", destination.cloud_key},
          {"cloud_algorithm", destination.cloud_algorithm},
          {"wrapping_algorithm", destination.algorithm.name()},
          {"wrapping_key_sha256", provider::wrapping_key(destination.parameters).sha256()},
          {"method", method_name(recipe.method)},
          {"custody", custody_name(custody_of(recipe.method))},
          {"remarks", destination.remarks},
          {"unverified", destination.unverified},
          {"steps", recipe.steps()},
          {"self_test", bundle.method.to_json()}};
}

}  // namespace

Json WrapPlan::to_json() const {
  Json list = Json::array();
  for (const auto& bundle : bundles) list.push_back(bundle_json(bundle));
  return {{"key", key_json(target.label, to_hex(target.id), target.type)}, {"bundles", list}};
}

Json MadeBundle::to_json() const {
  Json not_asked = Json::array();
  for (const auto& challenge : expected.not_asked) {
    not_asked.push_back({{"id", challenge.id}, {"reason", challenge.reason}});
  }
  Json values = Json::array();
  for (const auto& value : manifest.check_values)
    values.push_back({{"alg", value.alg}, {"value", value.value}});
  return {{"folder", folder},
          {"purpose", provider::purpose_name(manifest.purpose)},
          {"provider", provider::provider_name(manifest.provider)},
          {"key", key_json(manifest.key.label, manifest.key.id, manifest.key.type)},
          {"cloud_key", manifest.cloud.key},
          {"cloud_algorithm", manifest.cloud.algorithm},
          {"wrapping_algorithm", manifest.algorithm.name()},
          {"wrapping_key_sha256", manifest.wrapping_key.sha256},
          {"wrapping_key_bits", manifest.wrapping_key.bits},
          {"method", method_name(manifest.method)},
          {"custody", custody_name(manifest.custody)},
          {"blob_bytes", blob_bytes},
          {"valid_until",
           manifest.valid_until ? Json(format_rfc3339(*manifest.valid_until)) : Json(nullptr)},
          {"check_values", values},
          {"exceptions", manifest.exceptions},
          {"unverified", manifest.unverified},
          {"not_asked", not_asked},
          {"why_not_provable", why_not_provable.empty() ? Json(nullptr) : Json(why_not_provable)},
          {"manifest_sha256", manifest_sha256},
          {"checks_passed", checks.size()}};
}

Json WrapResult::log_facts() const {
  Json list = Json::array();
  for (const auto& made : bundles) {
    Json bundle = made.to_json();
    for (const char* name : {"folder", "key", "cloud_key"}) bundle.erase(name);
    list.push_back(std::move(bundle));
  }
  Json facts{{"bundles", std::move(list)}};
  if (!bundles.empty()) {
    facts["key_id"] = bundles.front().manifest.key.id;
    facts["key_type"] = bundles.front().manifest.key.type.name();
  }
  return facts;
}

}  // namespace keyrite::acts
