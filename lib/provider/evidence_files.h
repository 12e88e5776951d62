// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// One finding for each file of evidence. Pure, any thread. Internal to provider.
#pragma once

#include <vector>

#include "provider/evidence.h"
#include "provider/expected.h"

namespace keyrite::provider {

// In the order of the files. JSON documents are judged together, since one may complete another;
// refusals last, since an answer by the key says what a refusal beside it means.
[[nodiscard]] std::vector<Finding> judge_files(const Expected& expected,
                                               const std::vector<InputFile>& evidence);

}  // namespace keyrite::provider
