// Judges what `aws kms ... --output json` answered. Pure, any thread.
#pragma once

#include <vector>

#include "provider/answer_check.h"

namespace keyrite::provider::aws {

// Findings for all files at once, in their order: a re-import is judged by the import answer
// together with describe-key, the one naming the key material and the other what the key holds now.
[[nodiscard]] std::vector<Finding> judge_answers(const Expected& expected,
                                                 const std::vector<JsonEvidence>& files);

// An error message of the client, in any of its forms (cli_error_format: legacy, enhanced, yaml,
// text, table; JSON is a document); nullopt when it is none. By itself never a proof of another
// key: IncorrectKeyMaterialException is also said of expired material and of a wrong length, and
// the message does not say what was asked.
[[nodiscard]] std::optional<Finding> judge_error_text(const Expected& expected,
                                                      const std::string& file,
                                                      std::string_view text);

}  // namespace keyrite::provider::aws
