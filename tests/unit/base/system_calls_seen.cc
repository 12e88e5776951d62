#include "unit/base/system_calls_seen.h"

#include <filesystem>

namespace keyrite::test {

namespace {

std::string of_descriptor(int fd) {
  const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
  return path.extension() == ".part" ? "part in " + path.parent_path().native() : path.native();
}

}  // namespace

SystemCallsSeen::SystemCallsSeen()
    : faults_({.before_fsync =
                   [this](int fd) {
                     calls_.push_back("fsync " + of_descriptor(fd));
                     return 0;
                   },
               .before =
                   [this](std::string_view call) {
                     if (call == "rename") calls_.emplace_back(call);
                     return 0;
                   }}) {}

}  // namespace keyrite::test
