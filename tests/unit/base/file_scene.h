// What tests of files need around them: the names in a folder, modes, another user, another umask.
// Objects change the process and put it back; one thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace keyrite::test {

// The names in a folder, sorted, hidden ones included.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder);
// The permission bits, of the link itself if it is one.
[[nodiscard]] mode_t mode_of(const std::filesystem::path& path);
[[nodiscard]] Bytes pattern(std::size_t size);

// While it lives the process is a user without privileges, who owns `folder`. Changes nothing when
// the process is none of root's.
class Unprivileged {
 public:
  explicit Unprivileged(const std::filesystem::path& folder);
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  bool changed_{};
};

class Umask {
 public:
  explicit Umask(mode_t mask);
  ~Umask();
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;

 private:
  mode_t before_;
};

}  // namespace keyrite::test
