// Judges what `aws kms ... --output json` answered. Pure, any thread.
#pragma once

#include <vector>

#include "provider/answer_check.h"

namespace keyrite::provider::aws {

// Findings for all files at once, in their order: a re-import is judged by the import answer
// together with describe-key, the one naming the key material and the other what the key holds now.
[[nodiscard]] std::vector<Finding> judge_answers(const Expected& expected,
                                                 const std::vector<JsonEvidence>& files);

// A saved error message ("An error occurred (...) when calling the ... operation"); nullopt when it
// is none.
[[nodiscard]] std::optional<Finding> judge_error_text(const Expected& expected,
                                                      const std::string& file,
                                                      std::string_view text);

}  // namespace keyrite::provider::aws
