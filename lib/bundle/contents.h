// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The files of a bundle as they were read. Reads folders; no state, any thread.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace keyrite::bundle {

// A folder as it was read; names without path, sorted.
using Contents = std::vector<FolderFile>;

// nullptr: the folder has no such file.
[[nodiscard]] const FolderFile* find_file(const Contents& contents, std::string_view name);

// Reads a bundle folder. Errors kConfig: "folder-missing", "folder-unreadable"; kVerification:
// "bundle-file-extra" for anything that is not a plain file (a link, a sub-folder), "bundle-size"
// for a file over kMaxInputFile.
[[nodiscard]] Contents read_contents(const std::filesystem::path& folder);

}  // namespace keyrite::bundle
