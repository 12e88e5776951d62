// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said when a file or folder cannot be read, written or made. No state, any thread.
#pragma once

#include <filesystem>
#include <string>

namespace keyrite {

// A path as messages show it.
[[nodiscard]] std::string shown(const std::filesystem::path& path);

// Errors kUsage "output-exists"; kFailed "file-unwritable"; kConfig "file-unreadable". `reason`: an
// errno.
[[noreturn]] void already_exists(const std::filesystem::path& path);
[[noreturn]] void unwritable(const std::filesystem::path& path, int reason);
[[noreturn]] void unreadable(const std::filesystem::path& path, int reason);

}  // namespace keyrite
