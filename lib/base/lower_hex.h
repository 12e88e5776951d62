// The one form in which keyrite writes hashes, ids and pseudonyms. No state, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace keyrite {

// Whether there are lower-case hex digits and nothing else; of an empty text: true.
[[nodiscard]] constexpr bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}
// The same, of exactly so many bytes.
[[nodiscard]] constexpr bool is_lower_hex(std::string_view text, std::size_t bytes) {
  return text.size() == 2 * bytes && is_lower_hex(text);
}

inline constexpr std::size_t kSha256Bytes = 32;

}  // namespace keyrite
