// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema of a ceremony's file, made of the tables in the code: words of kinds, acts, and
// the fields of each act. docs/formats/ceremony.schema.json is this, and a test holds the two
// together. Pure.
#pragma once

#include "base/json.h"

namespace keyrite::test {

[[nodiscard]] Json schema_of_tables();

}  // namespace keyrite::test
