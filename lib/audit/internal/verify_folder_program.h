// The second half of verify-root.py: what the entries of a log say, and whether the folder around
// it has what they name. Pure, any thread.
#pragma once

#include <string_view>

namespace keyrite::audit {

[[nodiscard]] std::string_view verify_folder_program();

}  // namespace keyrite::audit
