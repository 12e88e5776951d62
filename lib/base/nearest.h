// The known word that a mistyped one was probably meant to be. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite {

// By Levenshtein distance: at most 2, or a third of the longer word; nullopt when none is that
// near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& known);

// A hint that begins with the one that was meant: "did you mean \"acme\"?", a new line, and `hint`;
// `hint` alone where none is that near, or `word` itself is among them.
[[nodiscard]] std::string hint_with_nearest(std::string_view word,
                                            const std::vector<std::string>& known,
                                            std::string_view hint);

}  // namespace keyrite
