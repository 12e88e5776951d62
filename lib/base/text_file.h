// A text as a file of a folder that is written whole (base/file.h). Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace keyrite {

[[nodiscard]] FolderFile text_file(std::string name, std::string_view content);

}  // namespace keyrite
