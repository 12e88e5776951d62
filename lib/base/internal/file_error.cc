// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/internal/file_error.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

std::string remedy_for(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, then run the command again; nothing was left behind";
    case EACCES:
    case EPERM:
      return "make the folder writable for the user who runs keyrite";
    case EROFS:
      return "the file system is mounted read-only";
    case ENOENT:
    case ENOTDIR:
      return "create the folder first";
    default:
      return "check the disk; nothing was left behind";
  }
}

}  // namespace

std::string shown(const fs::path& path) { return printable(path.native()); }

void already_exists(const fs::path& path) {
  throw Error(Kind::kUsage, "output-exists", fmt::format("{} already exists", shown(path)),
              "keyrite overwrites nothing: choose another name, or move the old one away");
}

void unwritable(const fs::path& path, int reason) {
  throw Error(
      Kind::kFailed, "file-unwritable",
      fmt::format("{} cannot be written: {}", shown(path), std::generic_category().message(reason)),
      remedy_for(reason));
}

void unreadable(const fs::path& path, int reason) {
  throw Error(
      Kind::kConfig, "file-unreadable",
      fmt::format("{} cannot be read: {}", shown(path), std::generic_category().message(reason)),
      "check the name and the permissions");
}

}  // namespace keyrite
