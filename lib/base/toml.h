// TOML files that people write, read into the same JSON values as everything else, so that one set
// of functions (JsonView, base/document.h) names a wrong field. Pure, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"

namespace keyrite {

// Tables, lists, texts, integers and booleans. Times without quotes and floats are refused.
// `origin` names the file. Errors kConfig "toml-invalid" (with the line), "toml-value",
// "toml-too-large".
[[nodiscard]] Json parse_toml(ByteView content, std::string_view origin);

// Where a value begins in the file, from 1.
struct TomlPlace {
  std::uint32_t line{};
  std::uint32_t column{};
};
// The same with the place of each value, by its JSON pointer (RFC 6901): "/step/3/with/label".
// NOLINTNEXTLINE(bugprone-exception-escape): of its JSON, when memory is short
struct PlacedToml {
  Json json{};
  std::map<std::string, TomlPlace, std::less<>> places{};
};
// Errors: those of parse_toml.
[[nodiscard]] PlacedToml parse_placed_toml(ByteView content, std::string_view origin);

// The pointer of a member of the value at `pointer`.
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view member);

// A text as TOML writes it, in quotes.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace keyrite
