// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Strict JSON (base/json.h) of a document that may be longer than an input file: a certificate of
// key destruction has the entries that it rests on. Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/json.h"

namespace keyrite {

// As parse_json, of at most `limit` bytes.
[[nodiscard]] Json parse_long_json(ByteView text, std::string_view origin, std::size_t limit);

}  // namespace keyrite
