#include "transcript/log_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "transcript/entry.h"

namespace keyrite::transcript {

namespace {

// Room for the longest entry, and enough that reading costs little beside hashing.
constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;

[[noreturn]] void unreadable(const std::string& path, int reason) {
  throw Error(Kind::kConfig, "file-unreadable",
              fmt::format("{} cannot be read: {}", printable(path),
                          std::generic_category().message(reason)),
              "check the name and the permissions");
}

[[noreturn]] void bad_line(const char* code, std::uint64_t index, std::string_view why) {
  throw Error(Kind::kVerification, code, fmt::format("entry {}: {}", index, why),
              "compare with a copy kept elsewhere: keyrite writes no such line");
}

class File {
 public:
  explicit File(const std::string& path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0) unreadable(path, errno);
    if (!S_ISREG(status.st_mode)) {
      ::close(fd_);
      throw Error(Kind::kConfig, "not-a-file", fmt::format("{} is not a file", printable(path)),
                  "give the log file of the transcript");
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(fd_); }

  void skip(std::uint64_t bytes) const {
    if (bytes != 0 && ::lseek(fd_, static_cast<off_t>(bytes), SEEK_SET) < 0)
      unreadable(path_, errno);
  }

  // Fills `room`; fewer bytes only at the end of the file.
  std::size_t read(char* room, std::size_t size) const {
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t got = ::read(fd_, room + filled, size - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) unreadable(path_, errno);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }

 private:
  const std::string& path_;
  int fd_;
};

void check_line(std::string_view line, std::uint64_t index) {
  if (line.empty()) bad_line("entry-empty", index, "the line is empty");
  if (line.size() > kMaxEntryBytes) {
    bad_line("entry-too-large", index,
             fmt::format("the line has more than {} bytes", kMaxEntryBytes));
  }
}

}  // namespace

LogEnd read_log(const std::string& path,
                const std::function<bool(std::uint64_t, std::string_view)>& take,
                const LogStart& from) {
  const File file(path);
  file.skip(from.bytes);
  std::vector<char> buffer(kBufferBytes);
  LogEnd end{.entries = from.entries, .bytes = from.bytes};
  std::size_t kept = 0;
  while (true) {
    const std::size_t got = file.read(buffer.data() + kept, buffer.size() - kept);
    std::string_view rest(buffer.data(), kept + got);
    for (auto lf = rest.find('\n'); lf != std::string_view::npos; lf = rest.find('\n')) {
      const std::string_view line = rest.substr(0, lf);
      check_line(line, end.entries);
      if (!take(end.entries, line)) return end;
      ++end.entries;
      end.bytes += lf + 1;
      rest.remove_prefix(lf + 1);
    }
    if (rest.size() > kMaxEntryBytes) check_line(rest, end.entries);
    if (got == 0) {
      end.torn = rest;
      return end;
    }
    kept = rest.size();
    std::copy(rest.begin(), rest.end(), buffer.begin());
  }
}

}  // namespace keyrite::transcript
