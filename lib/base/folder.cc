// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cerrno>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/internal/durable_file.h"
#include "base/internal/durable_name.h"
#include "base/internal/file_error.h"
#include "base/internal/new_path.h"
#include "base/internal/temporary.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder, const fs::path& subject) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) unwritable(subject, errno);
}

// The folder and those above it that are not in `made` yet.
void make_folders(const fs::path& wanted, std::set<fs::path>& made, const fs::path& subject) {
  if (made.contains(wanted) || wanted == wanted.parent_path()) return;
  make_folders(wanted.parent_path(), made, subject);
  make_folder(wanted, subject);
  made.insert(wanted);
}

}  // namespace

void require_folder(const fs::path& folder) {
  make_folder(folder, folder);
  sync_folder(folder_of(folder), folder);
}

void write_new_folder(const fs::path& given, const std::vector<FolderFile>& files) {
  const fs::path folder = without_slash(given);
  require_writable_new_path(folder);
  Temporary temporary(folder);
  make_folder(temporary.path(), folder);
  std::set<fs::path> folders{temporary.path()};
  for (const auto& file : files) {
    const fs::path place = temporary.path() / file.name;
    make_folders(place.parent_path(), folders, folder);
    write_durably(place, once(file.content), file.executable ? 0700 : 0600, folder);
  }
  // Once each, when all names are in them; the folder's own name comes last, by publish().
  for (const auto& one : folders) sync_folder(one, folder);
  temporary.publish();
}

void remove_folder(const fs::path& made) {
  const fs::path folder = without_slash(made);
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be removed again: {}", shown(folder), failed.message()),
                "remove it by hand: it is incomplete");
  }
  sync_folder(folder_of(folder), folder);
}

}  // namespace keyrite
