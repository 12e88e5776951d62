// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a ceremony was begun with what its file says of a step. The log has pseudonyms for names,
// so a name is compared with that of the input which it is; all else by its value. Internal to
// ceremony/verification.cc; pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "ceremony/model.h"

namespace keyrite::ceremony {

// The fields of the act's step that are others in `intent`, which opened the ceremony.
[[nodiscard]] std::vector<std::string> opened_otherwise(const Ceremony& ceremony, const Step& step,
                                                        const Json& intent);

}  // namespace keyrite::ceremony
