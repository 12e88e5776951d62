// Whether something exists at a path. A path that cannot be examined (a loop of links, a broken
// disk, a share that is gone) is neither present nor absent, and nothing here throws
// std::filesystem_error. Asks the file system; any thread.
#pragma once

#include <filesystem>
#include <string>

namespace keyrite {

enum class Presence { kThere, kAbsent, kUnknown };

struct Looked {
  Presence presence{Presence::kAbsent};
  std::string error{};   // of kUnknown: the error's name, "ELOOP"
  std::string reason{};  // of kUnknown: the system's words
};

// Follows links, as stat(2): a link to nothing is absent.
[[nodiscard]] Looked look_at(const std::filesystem::path& path);

// Error kConfig "path-unreadable" (with the system's reason) where it cannot be examined: what may
// be there is never taken for absent.
[[nodiscard]] bool is_there(const std::filesystem::path& path);

// Error kConfig "folder-missing" where no folder is there, with the folder beside it whose name is
// nearest; "path-unreadable" where that cannot be known.
void require_folder_there(const std::filesystem::path& folder);

// The path from the root on; as it was given where this process's folder is gone.
[[nodiscard]] std::filesystem::path absolute_path(const std::filesystem::path& path);

// Where a file of that name would be made: the path from the root on, with no link in the folders
// on its way. If a folder is absent or cannot be examined: the path as it reads.
[[nodiscard]] std::filesystem::path real_place(const std::filesystem::path& path);

}  // namespace keyrite
