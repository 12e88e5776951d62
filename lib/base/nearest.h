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

}  // namespace keyrite
