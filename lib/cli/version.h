// The version of keyrite, from the build.
#pragma once

#include <string_view>

namespace keyrite::cli {

[[nodiscard]] std::string_view version();  // "0.1.0"

}  // namespace keyrite::cli
