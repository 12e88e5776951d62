// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A path at which something is to be made. No state, any thread.
#pragma once

#include <filesystem>

namespace keyrite {

// "." where the path names no folder.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);
// "name/" and "name" are the same folder to people.
[[nodiscard]] std::filesystem::path without_slash(const std::filesystem::path& path);

}  // namespace keyrite
