// Folders that belong together: all of them stand in the end, or none. Half of an order would be
// carried off and could never be proven. No state, one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/file.h"

namespace keyrite::imports {

struct NewFolder {
  std::string path{};
  const std::vector<FolderFile>* files{};  // outlives the call
};

// Writes each and calls `check` with its place in `folders`, which throws when what was written is
// not right. Whatever is thrown, of whatever type, every folder that was written is taken back
// first. Errors: those of write_new_folder and of `check`; what is no Error is kInternal
// "internal". Where a folder cannot be taken back, the message names it.
void write_all_or_none(const std::vector<NewFolder>& folders,
                       const std::function<void(std::size_t place)>& check);

}  // namespace keyrite::imports
