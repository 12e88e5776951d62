// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The published schemas (docs/formats/schemas), asked by a validator that is not ours: valijson.
// Reads files; one thread.
#pragma once

#include <string>

#include "base/json.h"

namespace keyrite::test {

// What the schema of that name objects to; empty: it takes the value.
[[nodiscard]] std::string schema_objection(const std::string& schema, const Json& value);
// The same of what a tool printed with --json: empty if one of the schemas of that tool takes it.
[[nodiscard]] std::string document_objection(const Json& document);

}  // namespace keyrite::test
