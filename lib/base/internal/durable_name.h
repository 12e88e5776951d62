// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Names in a folder: given without replacing another, and on the disk. No state, any thread.
#pragma once

#include <filesystem>

namespace keyrite {

// rename(2) that never replaces. File systems without RENAME_NOREPLACE get a check first: another
// writer between check and rename would have to choose the very same name.
// Errors kUsage "output-exists"; kFailed "file-unwritable".
void rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

// The names in `folder` are on disk when this returns. `subject`: the path that an Error names.
// Error kFailed "file-unwritable".
void sync_folder(const std::filesystem::path& folder, const std::filesystem::path& subject);

}  // namespace keyrite
