// What keyrite inventory reconcile finds wrong with a token by registry and log. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/log_words.h"
#include "base/json.h"
#include "keys/token_survey.h"
#include "registry/model.h"

namespace keyrite::keys {

enum class FindingKind : std::uint8_t {
  kDestroyed,    // by its id, a check value or its public half it is a version that is destroyed
  kUnknown,      // the registry has no version of this id
  kMissing,      // a version should be on this token, and no key has its id
  kDifferent,    // the id is a version's, and type, check value or public half are not
  kAttribute,    // it is not protected, or may do something else, as the log says it was made
  kLabel,        // a tenant's key under another label
  kSecondObject  // a version's key once more: under its id, or under another one
};
inline constexpr std::array<std::string_view, 7> kFindingWords{
    "destroyed-found",   "unknown-key", "missing",      "different",
    "attribute-changed", "label-moved", "second-object"};
[[nodiscard]] std::string_view word(FindingKind kind);
[[nodiscard]] act::Words logged_word(FindingKind kind);

struct KnownVersion {
  registry::Key key{};
  registry::Version version{};
  std::vector<registry::CheckValue> check_values{};
  std::optional<registry::Copy> copy{};  // on this token
  Json attributes{};  // as its making was logged: {"CKA_EXTRACTABLE": "true", ...}; null: nothing
  std::string made_for{};  // the key whose version it was made as; empty of one that was adopted
};

struct Finding {
  FindingKind kind{};
  std::string label{};  // of the object; empty of a missing one
  std::string id{};     // hex
  std::optional<registry::VersionId> version{};
  std::string detail{};  // for people
};
// In the order of kFindingWords, then of the token.
[[nodiscard]] std::vector<Finding> findings_of(const std::vector<SurveyedKey>& found,
                                               const std::vector<KnownVersion>& known);
// Whether it is there for sure: a key of its id that has its check value or public half.
[[nodiscard]] bool is_shown(const std::vector<SurveyedKey>& found, const KnownVersion& version);
// Whether a key of this version's id, that is not another key, is among them.
[[nodiscard]] bool is_there(const std::vector<SurveyedKey>& found, const KnownVersion& version);

}  // namespace keyrite::keys
