// What AWS says about imported key material, over all the files given: the ids that imports
// answered, the material a key holds now, the states of the others. AWS derives a KeyMaterialId
// from the key's id and the material by a function it does not publish, so an id is only ever
// compared with another. Pure, any thread. Internal to aws.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "provider/answer_check.h"

namespace keyrite::provider::aws {

struct KeyState {
  std::string file{};
  std::string current_material{};  // empty: none named
  std::string state{};             // "Enabled", "PendingImport", ...
};

struct MaterialStates {
  std::optional<KeyState> described{};  // of describe-key
  std::map<std::string, std::string>
      listed{};  // KeyMaterialId -> KeyMaterialState, of list-key-rotations
};

// Collects from the documents that speak of the bundle's key; others are left out.
[[nodiscard]] MaterialStates collect_states(const Expected& expected,
                                            const std::vector<JsonEvidence>& files);

[[nodiscard]] bool is_import_answer(const JsonView& document);
[[nodiscard]] Finding judge_import_answer(const Subject& subject, const JsonView& document,
                                          const MaterialStates& states);
[[nodiscard]] Finding judge_description(const Subject& subject, const JsonView& metadata);
[[nodiscard]] Finding judge_rotations(const Subject& subject, const JsonView& document);

// Whether `named` (a KeyId: ARN or bare id) is the bundle's key, as far as the bundle names one.
[[nodiscard]] bool is_bundle_key(const Expected& expected, std::string_view named);

}  // namespace keyrite::provider::aws
