// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether a folder is on a file system that holds files. No state, any thread.
#pragma once

#include <filesystem>

namespace keyrite {

// Folders that the kernel makes up let root pass access(2), and hold no file of anybody. `subject`:
// the path that an Error names. Error kFailed "file-unwritable", also for a disk that is full.
void require_file_system(const std::filesystem::path& folder, const std::filesystem::path& subject);

}  // namespace keyrite
