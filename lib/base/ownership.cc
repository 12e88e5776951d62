#include "base/ownership.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void unreadable(const fs::path& path, const std::string& why) {
  throw Error(Kind::kConfig, "file-unreadable",
              fmt::format("{} cannot be read: {}", printable(path.native()), why),
              "check the path, and the file's permissions");
}

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  unreadable(path, std::generic_category().message(errno));
}

bool is_shared(const struct stat& status) {
  const bool sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_folder;
}

bool is_foreign(const struct stat& status) {
  return status.st_uid != 0 && status.st_uid != ::geteuid();
}

}  // namespace

std::optional<fs::path> changeable_by_others(const fs::path& file) {
  (void)status_of(file);
  std::error_code failed;
  const fs::path real = fs::canonical(file, failed);
  if (failed) unreadable(file, failed.message());
  for (const auto& path : {file, real, real.parent_path()}) {
    const auto status = status_of(path);
    if (is_foreign(status) || is_shared(status)) return path;
  }
  // Who may write or own a folder further up can put another folder in the place of ours.
  for (fs::path folder = real.parent_path().parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    const auto status = status_of(folder);
    if (is_foreign(status) || is_shared(status)) return folder;
  }
  return std::nullopt;
}

void require_ours_alone(const fs::path& file) {
  const auto shared = changeable_by_others(file);
  if (!shared) return;
  throw Error(Kind::kConfig, "config-writable-by-others",
              fmt::format("other users can change {}, so keyrite does not trust {}",
                          printable(shared->native()), printable(file.native())),
              "make it and its folder writable by root or by you alone");
}

}  // namespace keyrite
