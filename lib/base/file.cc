#include "base/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryPrefix = ".keyrite-";
constexpr std::string_view kTemporarySuffix = ".part";
constexpr std::size_t kPieceBytes = std::size_t{1} << 18U;
constexpr std::string_view kTemporaryJournal = ".part-journal";  // SQLite's, of one that it fills

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  // The result of close(2) matters on network file systems.
  [[nodiscard]] bool close_checked() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string shown(const fs::path& path) { return printable(path.native()); }

[[noreturn]] void already_exists(const fs::path& path) {
  throw Error(Kind::kUsage, "output-exists", fmt::format("{} already exists", shown(path)),
              "keyrite overwrites nothing: choose another name, or move the old one away");
}

std::string remedy_for(int reason) {
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return "free some space, then run the command again; nothing was left behind";
    case EACCES:
    case EPERM:
      return "make the folder writable for the user who runs keyrite";
    case EROFS:
      return "the file system is mounted read-only";
    case ENOENT:
    case ENOTDIR:
      return "create the folder first";
    default:
      return "check the disk; nothing was left behind";
  }
}

[[noreturn]] void unwritable(const fs::path& path, int reason) {
  throw Error(
      Kind::kFailed, "file-unwritable",
      fmt::format("{} cannot be written: {}", shown(path), std::generic_category().message(reason)),
      remedy_for(reason));
}

[[noreturn]] void unreadable(const fs::path& path, int reason) {
  throw Error(
      Kind::kConfig, "file-unreadable",
      fmt::format("{} cannot be read: {}", shown(path), std::generic_category().message(reason)),
      "check the name and the permissions");
}

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

// Folders that the kernel makes up let root pass access(2), and hold no file of anybody.
void require_file_system(const fs::path& folder, const fs::path& subject) {
  constexpr std::array<long, 10> kMadeUp{
      PROC_SUPER_MAGIC, SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,
      TRACEFS_MAGIC,    SECURITYFS_MAGIC, DEVPTS_SUPER_MAGIC, BPF_FS_MAGIC,        PSTOREFS_MAGIC};
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0) unwritable(subject, errno);
  if (std::ranges::find(kMadeUp, system.f_type) != kMadeUp.end()) {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be written: {} is not on a disk, the kernel makes it up",
                            shown(subject), shown(folder)),
                "choose a folder on a disk");
  }
  if (system.f_blocks != 0 && system.f_bfree == 0) unwritable(subject, ENOSPC);
}

fs::path folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

// "name/" and "name" are the same folder to people.
fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

// Random, since a process number is shared by threads and by the containers that see one folder;
// short, so that it fits wherever the final name does.
fs::path temporary_beside(const fs::path& path) {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) unwritable(path, errno);
  return folder_of(path) / fmt::format("{}{:016x}{}", kTemporaryPrefix, number, kTemporarySuffix);
}

void sync_folder(const fs::path& folder, const fs::path& subject) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open() || ::fsync(fd.get()) != 0) unwritable(subject, errno);
}

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

using NextPiece = std::function<ByteView()>;

// The whole content as one piece.
NextPiece once(ByteView content) {
  return [content, given = false]() mutable {
    return std::exchange(given, true) ? ByteView() : content;
  };
}

// Writes and fsyncs one file that must not exist yet. `subject` is the path that errors name.
void write_durably(const fs::path& path, const NextPiece& next, mode_t mode,
                   const fs::path& subject) {
  Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!fd.open()) unwritable(subject, errno);
  for (ByteView piece = next(); !piece.empty(); piece = next()) write_all(fd, piece, subject);
  if (::fsync(fd.get()) != 0) unwritable(subject, errno);
  if (!fd.close_checked()) unwritable(subject, errno);
}

// The same for a file that somebody else fills.
void fill_durably(const fs::path& path, const FillFile& fill, const fs::path& subject) {
  write_durably(path, once({}), 0600, subject);
  fill(path);
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.open() || ::fsync(fd.get()) != 0) unwritable(subject, errno);
}

// rename(2) that never replaces. File systems without RENAME_NOREPLACE get a check first: another
// writer between check and rename would have to choose the very same name.
void rename_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EEXIST) already_exists(to);
  if (errno != EINVAL && errno != ENOSYS) unwritable(to, errno);
  struct stat status {};
  if (::lstat(to.c_str(), &status) == 0) already_exists(to);
  if (::rename(from.c_str(), to.c_str()) != 0) unwritable(to, errno);
}

// Removes a temporary file or folder unless it was renamed into place and the new name is on disk.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    std::error_code ignored;
    if (!kept_) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  void publish_as(const fs::path& final_path) {
    rename_new(path_, final_path);
    path_ = final_path;
    sync_folder(folder_of(final_path), final_path);
    kept_ = true;
  }
  void replace(const fs::path& final_path) {
    if (::rename(path_.c_str(), final_path.c_str()) != 0) unwritable(final_path, errno);
    kept_ = true;
    sync_folder(folder_of(final_path), final_path);
  }

 private:
  fs::path path_;
  bool kept_{false};
};

void make_folder(const fs::path& folder, const fs::path& subject) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) unwritable(subject, errno);
}

// The folder and those above it that are not in `made` yet.
void make_folders(const fs::path& wanted, std::set<fs::path>& made, const fs::path& subject) {
  if (made.contains(wanted) || wanted == wanted.parent_path()) return;
  make_folders(wanted.parent_path(), made, subject);
  make_folder(wanted, subject);
  made.insert(wanted);
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

void write_new_file(const fs::path& given, ByteView content) {
  const fs::path path = without_slash(given);
  require_writable_new_path(path);
  Temporary temporary(temporary_beside(path));
  write_durably(temporary.path(), once(content), 0600, path);
  temporary.publish_as(path);
}

void replace_file(const fs::path& path, ByteView content) { replace_file(path, once(content)); }

void replace_file(const fs::path& path, const NextPiece& next) {
  Temporary temporary(temporary_beside(path));
  write_durably(temporary.path(), next, 0600, path);
  temporary.replace(path);
}

void fill_new_file(const fs::path& given, const FillFile& fill) {
  const fs::path path = without_slash(given);
  require_writable_new_path(path);
  Temporary temporary(temporary_beside(path));
  fill_durably(temporary.path(), fill, path);
  temporary.publish_as(path);
}

void fill_replacement(const fs::path& path, const FillFile& fill) {
  Temporary temporary(temporary_beside(path));
  fill_durably(temporary.path(), fill, path);
  temporary.replace(path);
}

std::vector<fs::path> leftovers_in(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (auto entry = fs::directory_iterator(folder, ignored);
       !ignored && entry != fs::directory_iterator(); entry.increment(ignored)) {
    const std::string name = entry->path().filename();
    if (name.starts_with(kTemporaryPrefix) &&
        (name.ends_with(kTemporarySuffix) || name.ends_with(kTemporaryJournal)))
      found.push_back(entry->path());
  }
  return found;
}

void remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& path : leftovers_in(folder)) fs::remove_all(path, ignored);
}

void require_folder(const fs::path& folder) {
  make_folder(folder, folder);
  sync_folder(folder_of(folder), folder);
}

void write_new_folder(const fs::path& given, const std::vector<FolderFile>& files) {
  const fs::path folder = without_slash(given);
  require_writable_new_path(folder);
  Temporary temporary(temporary_beside(folder));
  make_folder(temporary.path(), folder);
  std::set<fs::path> folders{temporary.path()};
  for (const auto& file : files) {
    const fs::path place = temporary.path() / file.name;
    make_folders(place.parent_path(), folders, folder);
    write_durably(place, once(file.content), file.executable ? 0700 : 0600, folder);
  }
  // Once each, when all names are in them; the folder's own name comes last, by publish_as().
  for (const auto& one : folders) sync_folder(one, folder);
  temporary.publish_as(folder);
}

void remove_folder(const fs::path& made) {
  const fs::path folder = without_slash(made);
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be removed again: {}", shown(folder), failed.message()),
                "remove it by hand: it is incomplete");
  }
  sync_folder(folder_of(folder), folder);
}

void require_writable_new_path(const fs::path& given) {
  const fs::path path = without_slash(given);
  if (path.empty()) unwritable("\"\"", ENOENT);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) already_exists(path);
  if (errno != ENOENT) unwritable(path, errno);
  const fs::path folder = folder_of(path);
  if (::stat(folder.c_str(), &status) != 0) unwritable(path, errno);
  if (!S_ISDIR(status.st_mode)) unwritable(path, ENOTDIR);
  require_file_system(folder, path);
  // R_OK: the folder is opened to fsync it.
  if (::access(folder.c_str(), R_OK | W_OK | X_OK) != 0) unwritable(path, errno);
}

}  // namespace keyrite
