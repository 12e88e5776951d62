#include "provider/aws/key_material.h"

#include <algorithm>

#include "provider/aws/reimport.h"
#include "provider/name_form.h"

namespace keyrite::provider::aws {
namespace {

bool is_arn(std::string_view key) { return key.substr(0, 4) == "arn:"; }

std::string shown(const KeyState& one) {
  return in_quotes(one.current_material) + " in state " + in_quotes(one.state) + " (" + one.file +
         ")";
}

std::string state_of(const JsonView& row) {
  const std::string import = row.optional_text("ImportState").value_or("");
  return import == "PENDING_IMPORT" ? import : row.optional_text("KeyMaterialState").value_or("");
}

}  // namespace

std::string MaterialStates::disagreement() const {
  for (const KeyState& one : described) {
    const KeyState& first = now();
    const bool other =
        !one.current_material.empty() && one.current_material != first.current_material;
    if (other || one.state != first.state) {
      return "the answers of describe-key disagree: material " + shown(first) + " and " +
             shown(one);
    }
  }
  return {};
}

const KeyState& MaterialStates::now() const {
  const auto named = std::find_if(described.begin(), described.end(), [](const KeyState& one) {
    return !one.current_material.empty();
  });
  return named == described.end() ? described.front() : *named;
}

std::string MaterialStates::listed_against(std::string_view id) const {
  for (const auto& [material, state] : listed) {
    if (material == id && state != "CURRENT") return state.empty() ? "of no state" : state;
  }
  return {};
}

bool MaterialStates::lists_as_current(std::string_view id) const {
  return std::ranges::any_of(
      listed, [id](const auto& one) { return one.first == id && one.second == "CURRENT"; });
}

bool holds_material(std::string_view state) { return state == "Enabled" || state == "Disabled"; }

std::string_view bare_id(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

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
    if (is_reimport_record(document)) {
      states.reimported = std::max(states.reimported, reimport_time(expected, document));
    } else if (const auto metadata = document.find("KeyMetadata")) {
      const std::string key = metadata->optional_text("Arn").value_or(metadata->text("KeyId"));
      if (is_bundle_key(expected, key)) {
        states.described.push_back({file.file,
                                    metadata->optional_text("CurrentKeyMaterialId").value_or(""),
                                    metadata->optional_text("KeyState").value_or("")});
      }
    } else if (const auto rotations = document.find("Rotations")) {
      for (const JsonView& row : rotations->items()) {
        if (const auto id = row.optional_text("KeyMaterialId");
            id && is_bundle_key(expected, row.text("KeyId"))) {
          states.listed.emplace_back(*id, state_of(row));
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

Finding judge_import_answer(const Subject& subject, const JsonView& document) {
  const auto id = document.optional_text("KeyMaterialId");
  if (!id) {
    return subject.not_proof(
        "AWS accepted the import but names no key material, so it does not say which key");
  }
  if (id->size() != 64) {
    return subject.unreadable("KeyMaterialId " + in_quotes(*id) + " does not have 64 digits");
  }
  if (subject.expected->purpose == Purpose::kImport) {
    return subject.not_proof(
        "AWS accepted the import, but it accepts any key at the first import. " +
        std::string(subject.expected->cloud_algorithm == "SYMMETRIC_DEFAULT"
                        ? "Re-import the same key from a verification bundle"
                        : "The answers to the challenges decide"));
  }
  const auto& wanted = subject.expected->key_material_id;
  if (wanted && *wanted != *id) {
    return subject.contradicts("it names the key material " + in_quotes(*id) +
                               ", but the first import named " + *wanted);
  }
  return subject.not_proof(
      "AWS gives the same answer to a first import, a re-import and a deletion; "
      "answer-reimport.json, which import.sh of the verification bundle writes, says which it was");
}

Finding judge_description(const Subject& subject, const JsonView& metadata,
                          const MaterialStates& states) {
  const Expected& expected = *subject.expected;
  const std::string origin = metadata.optional_text("Origin").value_or("");
  if (!origin.empty() && origin != "EXTERNAL") {
    return subject.different(Basis::kProviderStatement,
                             "the origin of the cloud key is " + in_quotes(origin) +
                                 ", so its material is not the token's key");
  }
  const std::string spec = metadata.optional_text("KeySpec").value_or("");
  if (!spec.empty() && !expected.cloud_algorithm.empty() && spec != expected.cloud_algorithm) {
    return subject.contradicts("the key's spec is " + in_quotes(spec) +
                               ", but the bundle was made for " + expected.cloud_algorithm);
  }
  const std::string state = metadata.text("KeyState");
  if (!holds_material(state)) {
    return subject.contradicts("the key is in state " + in_quotes(state) +
                               ", so it holds no usable material now");
  }
  if (const std::string why = states.disagreement(); !why.empty()) {
    return subject.contradicts(why);
  }
  const std::string current = metadata.optional_text("CurrentKeyMaterialId").value_or("");
  if (expected.key_material_id && !current.empty() && current != *expected.key_material_id) {
    return subject.contradicts("the key now uses the material " + in_quotes(current) +
                               " now, the first import named " + *expected.key_material_id);
  }
  return subject.not_proof("the key is in state " + in_quotes(state) +
                           "; that alone does not say which material it holds");
}

Finding judge_rotations(const Subject& subject, const JsonView& document) {
  const std::size_t rows = document.at("Rotations").items().size();
  return subject.not_proof("it lists " + std::to_string(rows) +
                           " materials of the key; that alone does not say which bytes they are");
}

}  // namespace keyrite::provider::aws
