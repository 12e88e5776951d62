// Which names a file of a bundle may have: those that mean the same to every shell, archive and
// file system. Pure.
#pragma once

#include <string_view>

namespace keyrite::bundle {

// 1 to 128 of [A-Za-z0-9._-], beginning with a letter or digit.
[[nodiscard]] bool is_safe_file_name(std::string_view name);

}  // namespace keyrite::bundle
