// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/internal/descriptor.h"
#include "base/internal/file_error.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = std::size_t{1} << 18U;

// A plain file, and nothing else.
Descriptor open_to_read(const fs::path& path) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.open()) unreadable(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) unreadable(path, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(Kind::kConfig, "not-a-file", fmt::format("{} is not a file", shown(path)),
                "give the path of a file");
  }
  return fd;
}

}  // namespace

FilePieces::FilePieces(fs::path path, std::uint64_t from)
    : path_(std::move(path)), fd_(open_to_read(path_).release()), piece_(kPieceBytes) {
  if (::lseek(fd_, static_cast<off_t>(from), SEEK_SET) >= 0) return;
  const int reason = errno;
  ::close(fd_);
  unreadable(path_, reason);
}

FilePieces::~FilePieces() { ::close(fd_); }

ByteView FilePieces::next() {
  while (true) {
    const ssize_t got = ::read(fd_, piece_.data(), piece_.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) unreadable(path_, errno);
    return ByteView(piece_).first(static_cast<std::size_t>(got));
  }
}

Bytes read_file(const fs::path& path, std::size_t limit) {
  const Descriptor fd = open_to_read(path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) unreadable(path, errno);
  const auto too_large = [&] {
    return Error(Kind::kConfig, "file-too-large",
                 fmt::format("{} is larger than {} bytes", shown(path), limit),
                 "check the name: no file of this kind is so large");
  };
  if (static_cast<std::uint64_t>(status.st_size) > limit) throw too_large();
  Bytes content(static_cast<std::size_t>(status.st_size) + 1);
  std::size_t length = 0;
  while (true) {
    const ssize_t got = ::read(fd.get(), content.data() + length, content.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) unreadable(path, errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
    if (length > limit) throw too_large();
    if (length == content.size()) content.resize(content.size() * 2);
  }
  content.resize(length);
  return content;
}

}  // namespace keyrite
