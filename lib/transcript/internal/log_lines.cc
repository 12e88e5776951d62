// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/log_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transcript/entry.h"

namespace keyrite::transcript {

namespace {

// Most entries are shorter.
constexpr std::size_t kFirstRead = 4096;

}  // namespace

LogLines::LogLines(const std::string& log)
    : fd_(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

LogLines::~LogLines() {
  if (fd_ >= 0) ::close(fd_);
}

std::uint64_t LogLines::bytes() const {
  struct stat status {};
  if (fd_ < 0 || ::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return static_cast<std::uint64_t>(status.st_size);
}

std::string LogLines::piece(std::uint64_t byte, std::size_t size) const {
  std::string text(size, '\0');
  const ssize_t got = ::pread(fd_, text.data(), text.size(), static_cast<off_t>(byte));
  text.resize(got <= 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

std::optional<std::string> LogLines::at(std::uint64_t byte) const {
  for (const std::size_t size : {kFirstRead, kMaxEntryBytes + 1}) {
    std::string text = piece(byte, size);
    if (const auto end = text.find('\n'); end != std::string::npos) {
      text.resize(end);
      return text;
    }
  }
  return std::nullopt;
}

}  // namespace keyrite::transcript
