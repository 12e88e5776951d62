// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The name of the JSON value, for headers that only name it: base/json.h costs each unit that reads
// it more than a second. Whoever makes, reads or copies a value includes base/json.h.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace keyrite {

// Keys keep the order in which they were written: documents are read by people too.
using Json = nlohmann::ordered_json;

}  // namespace keyrite
