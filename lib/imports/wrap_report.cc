#include "imports/wrap_for_import.h"

namespace keyrite::imports {

namespace {

Json key_json(const std::string& label, const std::string& id, const KeyType& type) {
  return {{"label", label}, {"id", id}, {"type", type.name()}};
}

Json bundle_json(const PlannedBundle& bundle) {
  const auto& destination = bundle.destination;
  const auto& recipe = bundle.recipe.recipe();
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
          {"self_test", bundle.recipe.evidence().to_json()},
          {"why_not_provable",
           bundle.why_not_provable.empty() ? Json(nullptr) : Json(bundle.why_not_provable)}};
}

}  // namespace

Json WrapPlan::to_json() const {
  Json list = Json::array();
  for (const auto& bundle : bundles) list.push_back(bundle_json(bundle));
  return {{"key", key_json(target.label, to_hex(target.id), target.type)},
          {"origin", origin.to_json()},
          {"remarks", remarks},
          {"bundles", list}};
}

Json MadeBundle::to_json() const {
  Json not_asked = Json::array();
  for (const auto& challenge : expected.not_asked) {
    not_asked.push_back({{"id", challenge.id}, {"reason", challenge.reason}});
  }
  return {{"folder", folder},
          {"purpose", provider::purpose_name(manifest.purpose)},
          {"provider", provider::provider_name(manifest.provider)},
          {"key", key_json(manifest.key.label, manifest.key.id, manifest.key.type)},
          {"cloud_key", manifest.cloud.key},
          {"cloud_algorithm", manifest.cloud.algorithm},
          {"wrapping_algorithm", manifest.algorithm.name()},
          {"wrapping_key_sha256", manifest.wrapping_key.sha256},
          {"wrapping_key_bits", manifest.wrapping_key.bits},
          {"wrapping_key_basis", wrapping_key_basis_name(manifest.wrapping_key.basis.value())},
          {"method", method_name(manifest.method)},
          {"custody", custody_name(manifest.custody)},
          {"origin", keys::OriginFinding::of(manifest.origin).to_json()},
          {"checked", wrap_check_name(manifest.checked.value())},
          {"blob_bytes", blob_bytes},
          {"valid_until",
           manifest.valid_until ? Json(format_rfc3339(*manifest.valid_until)) : Json(nullptr)},
          {"check_values", crypto::to_json(manifest.check_values)},
          {"exceptions", manifest.exceptions},
          {"unverified", manifest.unverified},
          {"not_asked", not_asked},
          {"why_not_provable", why_not_provable.empty() ? Json(nullptr) : Json(why_not_provable)},
          {"manifest_sha256", manifest_sha256},
          {"core_sha256", manifest.core_sha256},
          {"checks_passed", checks.size()}};
}

act::LogFacts MadeBundle::log_facts() const {
  std::vector<act::Fact> exceptions;
  for (const auto& name : manifest.exceptions)
    exceptions.emplace_back(act::Words::listed(name, {"padded-pkcs8", "outside-dates"}));
  std::vector<act::Fact> unverified;
  for (const auto& point : manifest.unverified)
    unverified.emplace_back(act::Words::unverified_point(point));
  std::vector<act::Fact> not_asked;
  for (const auto& challenge : expected.not_asked)
    not_asked.emplace_back(act::Words::challenge(challenge.id));
  return {
      {"purpose", act::Words::of(manifest.purpose)},
      {"provider", act::Words::of(manifest.provider)},
      {"cloud_algorithm", act::Words::cloud_algorithm(manifest.cloud.algorithm)},
      {"wrapping_algorithm", act::Words::of(manifest.algorithm)},
      {"wrapping_key_sha256", act::Fact::sha256(manifest.wrapping_key.sha256)},
      {"wrapping_key_bits", manifest.wrapping_key.bits},
      {"wrapping_key_basis", act::Words::of(manifest.wrapping_key.basis.value())},
      {"method", act::Words::of(manifest.method)},
      {"custody", act::Words::of(manifest.custody)},
      {"origin", keys::OriginFinding::of(manifest.origin).log_facts()},
      {"checked", act::Words::of(manifest.checked.value())},
      {"blob_bytes", blob_bytes},
      {"valid_until", manifest.valid_until ? act::Fact(*manifest.valid_until) : act::Fact::none()},
      {"check_values", act::Fact::of(manifest.check_values)},
      {"exceptions", exceptions},
      {"unverified", unverified},
      {"not_asked", not_asked},
      {"provable", why_not_provable.empty()},
      {"manifest_sha256", act::Fact::sha256(manifest_sha256)},
      {"core_sha256", act::Fact::sha256(manifest.core_sha256)},
      {"checks_passed", checks.size()}};
}

act::LogFacts log_facts(const std::vector<MadeBundle>& bundles) {
  std::vector<act::Fact> list;
  for (const auto& made : bundles) list.emplace_back(made.log_facts());
  act::LogFacts facts{{"bundles", list}};
  if (!bundles.empty()) {
    const auto& key = bundles.front().manifest.key;
    facts.add("key_id", act::Fact::id(key.id)).add("key_type", act::Words::of(key.type));
  }
  return facts;
}

}  // namespace keyrite::imports
