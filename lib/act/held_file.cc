// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/held_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

constexpr mode_t kOwnerAlone = 0600;

std::string path_of(const site::Site& site, const std::string& name) {
  return (std::filesystem::path(site.path(site::kUnderWayName)) / name).native();
}

// Between the opening and the lock whoever held it before may have removed the name, and another
// process made it anew: then it is the lock of a file that is gone.
bool has_name(int descriptor, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

[[noreturn]] void unwritable(const std::string& path, int reason) {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be made and locked: {}", printable(path),
                          std::generic_category().message(reason)),
              "check the permissions of the site's folder");
}

}  // namespace

std::optional<HeldFile> HeldFile::take(const site::Site& site, const std::string& name) {
  require_folder(site.path(site::kUnderWayName));
  const std::string path = path_of(site, name);
  for (;;) {
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerAlone);
    if (descriptor < 0) unwritable(path, errno);
    const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    const int reason = errno;
    if (locked && has_name(descriptor, path)) return HeldFile(path, descriptor);
    ::close(descriptor);
    if (locked) continue;
    if (reason == EWOULDBLOCK) return std::nullopt;
    unwritable(path, reason);
  }
}

bool HeldFile::is_held(const site::Site& site, const std::string& name) {
  const std::string path = path_of(site, name);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  const bool held = !locked && errno == EWOULDBLOCK;
  // The name of another file is not ours to remove.
  if (locked && has_name(descriptor, path)) (void)::unlink(path.c_str());
  ::close(descriptor);
  return held;
}

HeldFile::HeldFile(HeldFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

HeldFile& HeldFile::operator=(HeldFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

HeldFile::~HeldFile() {
  if (descriptor_ < 0) return;
  // Somebody may have removed it, and another process made it anew.
  if (has_name(descriptor_, path_)) (void)::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace keyrite::act
