// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/internal/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/internal/descriptor.h"
#include "base/internal/file_error.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

void write_all(const Descriptor& fd, ByteView content, const fs::path& subject) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd.get(), content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      unwritable(subject, errno);
    }
    content = content.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

NextPiece once(ByteView content) {
  return [content, given = false]() mutable {
    return std::exchange(given, true) ? ByteView() : content;
  };
}

void write_durably(const fs::path& path, const NextPiece& next, mode_t mode,
                   const fs::path& subject) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!fd.open()) unwritable(subject, errno);
  for (ByteView piece = next(); !piece.empty(); piece = next()) write_all(fd, piece, subject);
  if (::fsync(fd.get()) != 0) unwritable(subject, errno);
  if (!fd.close_checked()) unwritable(subject, errno);
}

void fill_durably(const fs::path& path, const FillFile& fill, const fs::path& subject) {
  write_durably(path, once({}), 0600, subject);
  fill(path);
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.open() || ::fsync(fd.get()) != 0) unwritable(subject, errno);
}

}  // namespace keyrite
