// Reads keyrite's own JSON documents (manifest.json, expected.json). They have a format name and a
// version, and no field that this version does not know. So keyrite refuses a newer or edited
// document, and never half understands it. Free functions, no state, any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"

namespace keyrite {

// `slug` starts the error codes: "manifest" gives "manifest-format", "manifest-version", ...
struct DocumentKind {
  std::string_view format{};
  int version{};
  std::string_view slug{};
};

// Fields "format" and "version". Errors kConfig SLUG-format, SLUG-version.
void require_kind(const JsonView& document, const DocumentKind& kind);
// Error kConfig SLUG-unknown-field naming the first member of `object` that is not in `names`;
// "json-wrong-type" when it is not an object.
void require_only(const JsonView& object, const DocumentKind& kind,
                  std::initializer_list<std::string_view> names);
// Throws kConfig SLUG-invalid: "WHERE: why".
[[noreturn]] void refuse_value(const JsonView& value, const DocumentKind& kind,
                               std::string_view why);

// Texts of one form; SLUG-invalid otherwise.
[[nodiscard]] std::string hex_text(const JsonView& value,
                                   const DocumentKind& kind);  // lower-case hex, even
[[nodiscard]] std::string sha256_text(const JsonView& value,
                                      const DocumentKind& kind);  // 64 lower-case hex digits
[[nodiscard]] std::string one_line_text(const JsonView& value,
                                        const DocumentKind& kind);  // no control characters
[[nodiscard]] std::size_t count_of(const JsonView& value,
                                   const DocumentKind& kind);  // not negative
// Absent or null gives empty.
[[nodiscard]] std::string text_or_empty(const JsonView& object, std::string_view name,
                                        const DocumentKind& kind);

}  // namespace keyrite
