#include "base/growing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace keyrite {

namespace {

[[noreturn]] void cannot_grow(const std::filesystem::path& path, int reason) {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be written: {}", printable(path.native()),
                          std::generic_category().message(reason)),
              "make room, or give another place");
}

}  // namespace

GrowingFile GrowingFile::make(const std::filesystem::path& path) {
  require_writable_new_path(path);
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) cannot_grow(path, errno);
  return {path, descriptor, true};
}

GrowingFile GrowingFile::pipe(int descriptor, const std::string& name) {
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  if (known && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return {name, descriptor, false};
  throw Error(Kind::kUsage, "not-a-pipe", fmt::format("{} is not a pipe", printable(name)),
              "pipe it into the program that needs it, or name a new file");
}

GrowingFile::GrowingFile(GrowingFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_file_(other.is_file_),
      empty_(other.empty_) {}

GrowingFile::~GrowingFile() {
  if (descriptor_ < 0 || !is_file_) return;
  ::close(descriptor_);
  if (empty_) ::unlink(path_.c_str());
}

void GrowingFile::append(ByteView piece) {
  write(piece);
  sync();
}

void GrowingFile::write(ByteView piece) {
  while (!piece.empty()) {
    const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot_grow(path_, errno);
    empty_ = false;
    piece = piece.subspan(static_cast<std::size_t>(written));
  }
}

void GrowingFile::sync() {
  if (is_file_ && ::fsync(descriptor_) != 0) cannot_grow(path_, errno);
}

}  // namespace keyrite
