#include "transcript/internal/write_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::transcript {

namespace {

using std::chrono_literals::operator""ms;

// Between two tries; and how long nothing is said, since most acts end within it.
constexpr auto kPause = 20ms;
constexpr auto kSilent = 300ms;

[[noreturn]] void unwritable(const std::string& path, int reason) {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be written: {}", printable(path),
                          std::generic_category().message(reason)),
              "check the permissions of the transcript's folder");
}

std::string holder_of(int fd) {
  std::array<char, 300> text{};
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

// False: somebody else has it.
bool try_lock(const std::string& path, int fd) {
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) unwritable(path, errno);
  }
  return true;
}

[[noreturn]] void still_in_use(int fd, const Turn& turn) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(turn.longest).count();
  throw Error(Kind::kWaiting, "transcript-in-use",
              seconds == 0
                  ? fmt::format("{} is writing the log", holder_of(fd))
                  : fmt::format("{} is still writing the log, after {} s", holder_of(fd), seconds),
              "wait until it has ended, then run the command again; --wait SECONDS waits longer");
}

// By asking again and again, not by a lock that sleeps: that one could not be given a limit without
// a signal of its own.
void take_turn(const std::string& path, int fd, const Turn& turn) {
  using SteadyClock = std::chrono::steady_clock;
  const auto begun = SteadyClock::now();
  bool told = false;
  while (!try_lock(path, fd)) {
    const auto waited = SteadyClock::now() - begun;
    if (waited >= turn.longest) still_in_use(fd, turn);
    if (!told && turn.waiting && waited >= std::min<SteadyClock::duration>(kSilent, turn.longest)) {
      turn.waiting(holder_of(fd));
      told = true;
    }
    std::this_thread::sleep_for(std::min<SteadyClock::duration>(kPause, turn.longest - waited));
  }
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

WriteLock::WriteLock(const std::string& path, const std::function<std::string()>& who,
                     const Turn& turn)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (fd_ < 0) unwritable(path, errno);
  try {
    take_turn(path, fd_, turn);
    // Somebody may have removed it since it was opened.
    if (!names_the_file(path, fd_)) lost(path);
    // For people only: that it could not be written does not matter.
    const std::string text = who();
    if (::ftruncate(fd_, 0) == 0) (void)!::pwrite(fd_, text.data(), text.size(), 0);
    if (turn.taken) turn.taken();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

void WriteLock::require_held() const {
  if (!names_the_file(path_, fd_)) lost(path_);
}

WriteLock::~WriteLock() {
  if (fd_ < 0) return;
  // What it says is not true of the next holder, until that one has written its own.
  if (names_the_file(path_, fd_)) (void)!::ftruncate(fd_, 0);
  ::close(fd_);
}

}  // namespace keyrite::transcript
