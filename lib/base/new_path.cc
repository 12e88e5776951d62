// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/file.h"
#include "base/internal/file_error.h"
#include "base/internal/file_system.h"
#include "base/internal/new_path.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

}  // namespace

fs::path folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}
void require_writable_new_path(const fs::path& given) {
  const fs::path path = without_slash(given);
  if (path.empty()) unwritable("\"\"", ENOENT);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) already_exists(path);
  if (errno != ENOENT) unwritable(path, errno);
  const fs::path folder = folder_of(path);
  if (::stat(folder.c_str(), &status) != 0) unwritable(path, errno);
  if (!S_ISDIR(status.st_mode)) unwritable(path, ENOTDIR);
  require_file_system(folder, path);
  // R_OK: the folder is opened to fsync it.
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) unwritable(path, errno);
}

}  // namespace keyrite
