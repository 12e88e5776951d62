// answer-reimport.json: what import.sh of a verification bundle writes beside AWS's answer, since
// AWS answers a first import, a re-import and a deletion of material in the same two fields. It
// ties the answer to what was asked: the re-import of existing material, under which id, from which
// bundle. It is the word of the script and of whoever carried the file. Pure, any thread. Internal
// to aws.
#pragma once

#include <string_view>

#include "provider/answer_check.h"
#include "provider/aws/key_material.h"

namespace keyrite::provider::aws {

inline constexpr std::string_view kReimportFormat = "keyrite-reimport";
inline constexpr int kReimportVersion = 1;
inline constexpr std::string_view kReimportFile = "answer-reimport.json";

[[nodiscard]] bool is_reimport_record(const JsonView& document);
// Equal only together with describe-key, and only when every answer of it agrees. Errors kConfig:
// "reimport-version", "reimport-unknown-field", "reimport-invalid", and those of base/json.h.
[[nodiscard]] Finding judge_reimport(Subject subject, const JsonView& document,
                                     const MaterialStates& states);

}  // namespace keyrite::provider::aws
