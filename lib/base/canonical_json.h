// The one form of signed and hashed JSON: RFC 8785 (JCS) for the values that keyrite uses, so that
// every writer gives the same bytes. Keys are ASCII and sorted, there is no white space, numbers
// are integers of at most 2^53 - 1 (larger ones are texts), and there are no floats. Pure, any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace keyrite {

// RFC 8785 appendix D: above it a double does not hold every integer.
inline constexpr std::int64_t kLargestJsonInteger = (std::int64_t{1} << 53U) - 1;

// Error kInternal "no-canonical-form" for a value that has no such form (a float, a key that is
// not ASCII, a number that is too large, text that is no UTF-8).
[[nodiscard]] std::string canonical_json(const Json& value);

// A text that must be in that form already. `origin` names it. Errors: those of parse_json; kConfig
// "json-not-canonical" when it is JSON in another form.
[[nodiscard]] Json parse_canonical_json(std::string_view text, std::string_view origin);

}  // namespace keyrite
