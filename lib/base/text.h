// Text that is shown to people or handed to a shell. No state, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace keyrite {

// One word for a POSIX shell: 'quoted' unless it is plainly safe ([A-Za-z0-9_./:@%+=,-] and not
// empty). Error kUsage "text-has-nul" when it contains NUL, which no shell word can.
[[nodiscard]] std::string shell_quote(std::string_view word);

// For a terminal: control and format characters, line and paragraph separators and invalid UTF-8
// become \x.. escapes, so that a label read from a token cannot move the cursor, turn the reading
// direction or hide text.
[[nodiscard]] std::string printable(std::string_view text);

// Whether a name begins or ends with a blank, which nobody sees: it would look like another name.
// No other character that looks like one is printable().
[[nodiscard]] bool has_blank_edges(std::string_view name);

// RFC 3629 section 3: whole, shortest forms only, no surrogates.
[[nodiscard]] bool is_utf8(std::string_view text);

// The PGP word list (Juola, Zimmermann): even bytes two-syllable words, odd bytes three-syllable
// words.
[[nodiscard]] std::vector<std::string> pgp_words(ByteView bytes);

inline constexpr unsigned kColumns = 80;  // of a text for people
// That a text takes on a terminal, one for each character.
[[nodiscard]] std::size_t columns_of(std::string_view text);

// The text in lines, split at spaces so that no line is longer than `width` columns, unless one
// word is; at least one line.
[[nodiscard]] std::vector<std::string> wrap_words(std::string_view text, std::size_t width);

// A table with aligned columns; first row is the heading. Fits `width` columns by wrapping the last
// column.
[[nodiscard]] std::string format_table(const std::vector<std::vector<std::string>>& rows,
                                       unsigned width = kColumns);

}  // namespace keyrite
