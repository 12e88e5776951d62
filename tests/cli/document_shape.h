// What fields of what types a --json document has, and the documented examples to compare with.
// Pure but for reading docs/formats/json.md; any thread.
#pragma once

#include <set>
#include <string>

#include "base/json.h"

namespace keyrite::test {

// A whole document must also be one that its schema takes (document_schema.h).
// Every path in a document with the type that stands there: "result.rows[].what: string". The names
// under "attributes" depend on key and token, so they count as one.
[[nodiscard]] std::set<std::string> document_shape(const Json& document);
// The block of docs/formats/json.md that opens with ```json NAME.
[[nodiscard]] Json documented_example(const std::string& name);

}  // namespace keyrite::test
