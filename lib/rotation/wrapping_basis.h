// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Which of the fingerprints that a person compared over a second channel is that of a wrapping key.
// Whether it is believed for another reason, the act that wraps decides
// (imports/wrapping_key_basis.h). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provider/parameters.h"

namespace keyrite::rotation {

// Which of the fingerprints that were `given` is expected of this wrapping key. Each of them was
// compared with a cloud's, so any may be this one's; when none is, the first, which is then refused
// ("wrapping-key-unexpected"). nullopt: none was given, and a person is asked. Error kUsage
// "fingerprint-invalid".
[[nodiscard]] std::optional<std::string> expected_of(const provider::ImportParameters& parameters,
                                                     const std::vector<std::string>& given);

}  // namespace keyrite::rotation
