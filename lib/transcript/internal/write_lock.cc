#include "transcript/internal/write_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::transcript {

namespace {

[[noreturn]] void unwritable(const std::string& path, int reason) {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be written: {}", printable(path),
                          std::generic_category().message(reason)),
              "check the permissions of the transcript's folder");
}

std::string holder_of(int fd) {
  std::array<char, 200> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  std::string holder(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  return holder.empty() ? "another process" : printable(holder);
}

bool names_the_file(const std::string& path, int fd) {
  struct stat named {};
  struct stat held {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(fd, &held) == 0 &&
         named.st_dev == held.st_dev && named.st_ino == held.st_ino;
}

[[noreturn]] void lost(const std::string& path) {
  throw Error(Kind::kVerification, "lock-lost",
              fmt::format("somebody removed or replaced {} while keyrite wrote the log: another "
                          "writer may be at work",
                          printable(path)),
              "leave this file alone, find the other writer and what removes files here, then run "
              "keyrite resume");
}

}  // namespace

WriteLock::WriteLock(const std::string& path, const std::string& who)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) unwritable(path, errno);
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    const std::string holder = holder_of(fd_);
    ::close(fd_);
    if (reason != EWOULDBLOCK) unwritable(path, reason);
    throw Error(Kind::kFailed, "transcript-in-use", fmt::format("{} is writing the log", holder),
                "wait until it has ended, then run the command again");
  }
  // Somebody may have removed it between the two calls.
  if (!names_the_file(path, fd_)) {
    ::close(fd_);
    lost(path);
  }
  // For people only: that it could not be written does not matter.
  const std::string text = fmt::format("{}, process {}", who, ::getpid());
  if (::ftruncate(fd_, 0) == 0) (void)!::pwrite(fd_, text.data(), text.size(), 0);
}

void WriteLock::require_held() const {
  if (!names_the_file(path_, fd_)) lost(path_);
}

WriteLock::~WriteLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace keyrite::transcript
