// What AWS says about imported key material, over all the files given: the ids that imports
// answered, the material a key holds now, the states of the others. AWS derives a KeyMaterialId
// from the key's id and the material by a function it does not publish, so an id is only ever
// compared with another. Pure, any thread. Internal to aws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/answer_check.h"

namespace keyrite::provider::aws {

struct KeyState {
  std::string file{};
  std::string current_material{};  // empty: none named
  std::string state{};             // "Enabled", "PendingImport", ...
};

// All that was said, in the order of the files, which decides nothing.
struct MaterialStates {
  std::vector<KeyState> described{};  // of describe-key
  // KeyMaterialId and its state, of list-key-rotations; PENDING_IMPORT before any other state.
  std::vector<std::pair<std::string, std::string>> listed{};
  // When import.sh recorded re-imports from this bundle that AWS took, the latest (RFC 3339);
  // nullopt: there is no such record; empty: it does not say when.
  std::optional<std::string> reimported{};

  // One clause when two answers of describe-key name other materials or states; else empty. One
  // that names no material, as older clients print it, disagrees with none.
  [[nodiscard]] std::string disagreement() const;
  // The first answer of describe-key that names a material, else the first. There must be one.
  [[nodiscard]] const KeyState& now() const;
  // A listed state of the material in which the key does not work with it; empty: none.
  [[nodiscard]] std::string listed_against(std::string_view id) const;
  [[nodiscard]] bool lists_as_current(std::string_view id) const;
};

inline constexpr std::string_view kExistingMaterial = "EXISTING_KEY_MATERIAL";

// Material is there and is what the key works with.
[[nodiscard]] bool holds_material(std::string_view state);
// "arn:aws:kms:eu-central-1:111122223333:key/ID" gives "ID".
[[nodiscard]] std::string_view bare_id(std::string_view key);

// Collects from the documents that speak of the bundle's key; others are left out.
[[nodiscard]] MaterialStates collect_states(const Expected& expected,
                                            const std::vector<JsonEvidence>& files);

[[nodiscard]] bool is_import_answer(const JsonView& document);
// Never a proof: a deletion of material is answered alike.
[[nodiscard]] Finding judge_import_answer(const Subject& subject, const JsonView& document);
[[nodiscard]] Finding judge_description(const Subject& subject, const JsonView& metadata,
                                        const MaterialStates& states);
[[nodiscard]] Finding judge_rotations(const Subject& subject, const JsonView& document);

// Whether `named` (a KeyId: ARN or bare id) is the bundle's key, as far as the bundle names one.
[[nodiscard]] bool is_bundle_key(const Expected& expected, std::string_view named);

}  // namespace keyrite::provider::aws
