// Reads an entry of a log without trust: an entry may contain anything, and a field without the
// requested form counts as missing. Also reads request.json beside a statement. Free functions, no
// state, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"

namespace keyrite::transcript {

// A text in an entry, or in an object of it; empty where there is none.
[[nodiscard]] std::string entry_text(const Json& entry, std::string_view name,
                                     std::string_view inner = {});
// A list in an entry, or in an object of it; an empty one where there is none.
[[nodiscard]] Json entry_list(const Json& entry, std::string_view name,
                              std::string_view inner = {});
// The texts of a list in an entry.
[[nodiscard]] std::vector<std::string> entry_texts(const Json& entry, std::string_view name);
// The files of evidence that an entry says were kept for it, as it names them. A list of digests in
// its facts is none: 0.1.0 wrote there what a cloud's answers are, which no log keeps.
[[nodiscard]] std::vector<std::string> entry_evidence(const Json& entry);
// An object in an entry; an empty one where there is none.
[[nodiscard]] Json entry_object(const Json& entry, std::string_view name);

}  // namespace keyrite::transcript
