// TOML files that people write, read into the same JSON values as everything else, so that one set
// of functions (JsonView, base/document.h) names a wrong field. Pure, any thread.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/json.h"

namespace keyrite {

// Tables, lists, texts, integers and booleans. Times without quotes and floats are refused.
// `origin` names the file. Errors kConfig "toml-invalid" (with the line), "toml-value",
// "toml-too-large".
[[nodiscard]] Json parse_toml(ByteView content, std::string_view origin);

// A text as TOML writes it, in quotes.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace keyrite
