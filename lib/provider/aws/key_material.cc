#include "provider/aws/key_material.h"

#include <algorithm>

#include "provider/name_form.h"

namespace keyrite::provider::aws {
namespace {

// "arn:aws:kms:eu-central-1:111122223333:key/ID" gives "ID".
std::string_view bare_id(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

bool is_arn(std::string_view key) { return key.substr(0, 4) == "arn:"; }

// Material is there and is what the key works with.
bool holds_material(std::string_view state) { return state == "Enabled" || state == "Disabled"; }

Finding judge_reimport(const Subject& subject, const std::string& id,
                       const MaterialStates& states) {
  const Expected& expected = *subject.expected;
  if (expected.key_material_id && *expected.key_material_id != id) {
    return subject.different(Basis::kProviderStatement,
                             "it names the key material " + in_quotes(id) +
                                 ", the first import named " + *expected.key_material_id);
  }
  if (!states.described) {
    return subject.not_proof(
        "the answer of describe-key is missing: only both together show that the key holds the "
        "material that was imported again");
  }
  const KeyState& now = *states.described;
  if (now.current_material == id) {
    return holds_material(now.state)
               ? subject.equal(Basis::kProviderStatement,
                               "AWS took the token's key once more as the existing material " + id +
                                   ", which is what the key holds now (" + now.file + ")")
               : subject.not_proof("the key is in state " + in_quotes(now.state) +
                                   ", so it holds no usable material now");
  }
  if (const auto listed = states.listed.find(id); listed != states.listed.end()) {
    return subject.not_proof("AWS lists the material " + id + " as " + in_quotes(listed->second) +
                             "; it is not what the key works with now");
  }
  return subject.different(Basis::kProviderStatement,
                           "it names the key material " + in_quotes(id) + ", but the key holds " +
                               in_quotes(now.current_material) + " now (" + now.file + ")");
}

}  // namespace

bool is_bundle_key(const Expected& expected, std::string_view named) {
  if (expected.cloud_key.empty() || named == expected.cloud_key) {
    return true;
  }
  // Two ARNs name two keys, even where a multi-Region key has the same id in both Regions.
  return !(is_arn(named) && is_arn(expected.cloud_key)) &&
         bare_id(named) == bare_id(expected.cloud_key);
}

MaterialStates collect_states(const Expected& expected, const std::vector<JsonEvidence>& files) {
  MaterialStates states;
  for (const JsonEvidence& file : files) {
    const JsonView document = file.view();
    if (!document.is_object()) {
      continue;
    }
    if (const auto metadata = document.find("KeyMetadata")) {
      const std::string key = metadata->optional_text("Arn").value_or(metadata->text("KeyId"));
      if (is_bundle_key(expected, key)) {
        states.described = {file.file, metadata->optional_text("CurrentKeyMaterialId").value_or(""),
                            metadata->optional_text("KeyState").value_or("")};
      }
    } else if (const auto rotations = document.find("Rotations")) {
      for (const JsonView& row : rotations->items()) {
        if (const auto id = row.optional_text("KeyMaterialId");
            id && is_bundle_key(expected, row.text("KeyId"))) {
          states.listed[*id] = row.optional_text("KeyMaterialState").value_or("");
        }
      }
    }
  }
  return states;
}

bool is_import_answer(const JsonView& document) {
  const auto is_known = [](const std::string& name) {
    return name == "KeyId" || name == "KeyMaterialId";
  };
  if (!document.is_object() || !document.find("KeyId")) {
    return false;
  }
  for (const auto& [name, value] : document.raw().items()) {
    if (!is_known(name)) {
      return false;
    }
  }
  return true;
}

Finding judge_import_answer(const Subject& subject, const JsonView& document,
                            const MaterialStates& states) {
  const auto id = document.optional_text("KeyMaterialId");
  if (!id) {
    return subject.not_proof(
        "AWS accepted the import and names no key material, so it says nothing about which key");
  }
  if (id->size() != 64) {
    return subject.unreadable("KeyMaterialId " + in_quotes(*id) + " has not 64 digits");
  }
  if (subject.expected->purpose == Purpose::kImport) {
    return subject.not_proof(
        "AWS accepted the import; a first import is accepted whatever key it brings. " +
        std::string(subject.expected->cloud_algorithm == "SYMMETRIC_DEFAULT"
                        ? "Re-import the same key from a verification bundle"
                        : "The answers to the challenges decide"));
  }
  return judge_reimport(subject, *id, states);
}

Finding judge_description(const Subject& subject, const JsonView& metadata) {
  const Expected& expected = *subject.expected;
  const std::string origin = metadata.optional_text("Origin").value_or("");
  if (!origin.empty() && origin != "EXTERNAL") {
    return subject.different(
        Basis::kProviderStatement,
        "the key's origin is " + in_quotes(origin) + ", so AWS made its material, not the token");
  }
  const std::string spec = metadata.optional_text("KeySpec").value_or("");
  if (!spec.empty() && !expected.cloud_algorithm.empty() && spec != expected.cloud_algorithm) {
    return subject.not_proof("the key's spec is " + in_quotes(spec) + ", the bundle was made for " +
                             expected.cloud_algorithm);
  }
  const std::string state = metadata.optional_text("KeyState").value_or("");
  if (!holds_material(state)) {
    return subject.not_proof("the key is in state " + in_quotes(state) +
                             ", so it holds no usable material now");
  }
  return subject.not_proof("the key is in state " + in_quotes(state) +
                           "; by itself that does not say which material it holds");
}

Finding judge_rotations(const Subject& subject, const JsonView& document) {
  const std::size_t rows = document.at("Rotations").items().size();
  return subject.not_proof(
      "it lists " + std::to_string(rows) +
      " materials of the key; by itself that does not say which bytes they are");
}

}  // namespace keyrite::provider::aws
