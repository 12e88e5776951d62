// Who may change a file. Nobody but root and the user who runs keyrite may be able to change what
// it believes without a signature (a module, a configuration). Asks the file system; any thread.
#pragma once

#include <filesystem>
#include <optional>

namespace keyrite {

// The first of these that somebody else may change: the file, what it is a link to, and every
// folder above that. nullopt: only root and we may. A sticky folder (/tmp) does not let others
// replace our files. Error kConfig "file-unreadable" when there is no such file.
[[nodiscard]] std::optional<std::filesystem::path> changeable_by_others(
    const std::filesystem::path& file);

// Error kConfig "config-writable-by-others", naming what others may change.
void require_ours_alone(const std::filesystem::path& file);

}  // namespace keyrite
