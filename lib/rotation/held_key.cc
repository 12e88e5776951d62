// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/held_key.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::rotation {

namespace {

// Whoever held it before removes the name at the end: then it is the lock of a file that is gone.
bool has_name(int descriptor, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

HeldKey::HeldKey(const site::Site& site, const std::string& key, const std::string& text)
    : path_((std::filesystem::path(site.path(site::kUnderWayName)) / ("rotate-" + key)).native()) {
  require_folder(site.path(site::kUnderWayName));
  for (;;) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool locked = descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    if (locked && has_name(descriptor_, path_)) return;
    const int reason = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    if (locked) continue;
    if (reason == EWOULDBLOCK) {
      throw Error(Kind::kFailed, "rotation-running",
                  fmt::format("{}: another process rotates this key at this moment", text),
                  "wait until it has ended, then run this again: what it did is not done twice");
    }
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be made and locked: {}", printable(path_),
                            std::generic_category().message(reason)),
                "check the permissions of the site's folder");
  }
}

HeldKey::~HeldKey() {
  (void)::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace keyrite::rotation
