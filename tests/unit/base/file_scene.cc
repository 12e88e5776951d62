#include "unit/base/file_scene.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace keyrite::test {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

Unprivileged::Unprivileged(const fs::path& folder) {
  if (geteuid() != 0) return;
  constexpr uid_t kNobody = 65534;
  REQUIRE(chown(folder.c_str(), kNobody, kNobody) == 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    REQUIRE(lchown(entry.path().c_str(), kNobody, kNobody) == 0);
  }
  REQUIRE(setresuid(kNobody, kNobody, 0) == 0);
  changed_ = true;
}

Unprivileged::~Unprivileged() {
  if (changed_ && setresuid(0, 0, 0) != 0) std::abort();
}

Umask::Umask(mode_t mask) : before_(umask(mask)) {}
Umask::~Umask() { umask(before_); }

}  // namespace keyrite::test
