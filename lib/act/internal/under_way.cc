// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/under_way.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::act {

namespace {

constexpr std::size_t kRunBytes = 16;

std::string path_of(const site::Site& site, const std::string& run) {
  return (std::filesystem::path(site.path(site::kUnderWayName)) / run).native();
}

}  // namespace

UnderWay::UnderWay(const site::Site& site, const std::string& run) : path_(path_of(site, run)) {
  require_folder(site.path(site::kUnderWayName));
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int reason = errno;
  if (descriptor_ >= 0) ::close(descriptor_);
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be made and locked: {}", printable(path_),
                          std::generic_category().message(reason)),
              "check the permissions of the site's folder");
}

UnderWay::~UnderWay() {
  (void)::unlink(path_.c_str());
  ::close(descriptor_);
}

bool is_under_way(const site::Site& site, const std::string& run) {
  // What 0.1.0 signed may have anything as its run.
  if (!is_lower_hex(run, kRunBytes)) return false;
  const std::string path = path_of(site, run);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  const bool held = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (!held) (void)::unlink(path.c_str());
  ::close(descriptor);
  return held;
}

}  // namespace keyrite::act
