// answer-reimport.json: what import.sh of a verification bundle writes beside AWS's answer, since
// AWS answers a first import, a re-import and a deletion of material in the same two fields. It
// ties the answer to what was asked: the re-import of existing material, under which id, from which
// bundle. Only the script, and whoever carried the file, vouch for it. Pure, any thread. Internal
// to aws.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provider/answer_check.h"
#include "provider/aws/key_material.h"

namespace keyrite::provider::aws {

inline constexpr std::string_view kReimportFormat = "keyrite-reimport";
inline constexpr int kReimportVersion = 2;  // 1, without "asked", is read
// What AWS says of other material, of expired material and of a wrong length.
inline constexpr std::string_view kOtherMaterial = "IncorrectKeyMaterialException";
inline constexpr std::string_view kReimportFile = "answer-reimport.json";

[[nodiscard]] bool is_reimport_record(const JsonView& document);
// Equal only together with describe-key, and only when every answer of it agrees. Different by what
// the key holds now only where list-key-rotations lists that as current. Errors kConfig:
// "reimport-version", "reimport-unknown-field", "reimport-invalid", and those of base/json.h.
[[nodiscard]] Finding judge_reimport(Subject subject, const JsonView& document,
                                     const MaterialStates& states);

// When the record's re-import from this bundle was asked for; nullopt: it is of another bundle.
[[nodiscard]] std::optional<std::string> reimport_time(const Expected& expected,
                                                       const JsonView& document);
// A re-import that AWS refused. Different only when describe-key says that the key holds exactly
// the material that was asked for, so that it has not expired, and no later re-import was taken.
[[nodiscard]] Finding judge_refused_import(Subject subject, const JsonView& document,
                                           const MaterialStates& states);

}  // namespace keyrite::provider::aws
