#include "cli/pin_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::cli {
namespace {

std::string reason(int number) {
  return std::error_code(number, std::generic_category()).message();
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// To the end of the file, or a byte more than a PIN may have. A failed read leaves errno in
// `failure`.
struct ReadResult {
  crypto::SecretBytes buffer{};
  std::size_t length{0};
  int failure{0};
};

ReadResult read_to_end(int descriptor) {
  // A PIN, its newline, and one byte that shows there is more.
  ReadResult result{crypto::SecretBytes(kMaxPinBytes + 2), 0, 0};
  const auto room = result.buffer.reveal_for_writing();
  while (result.length < room.size()) {
    const ssize_t got = read(descriptor, &room[result.length], room.size() - result.length);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      result.failure = errno;
      break;
    }
    result.length += static_cast<std::size_t>(got);
  }
  return result;
}

[[noreturn]] void refuse_file(std::string code, const std::string& path, const std::string& why,
                              std::string hint) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("PIN file {}: {}", printable(path), why),
              std::move(hint));
}

// The open file itself is looked at, not its path, so nothing can be exchanged in between.
void check_pin_file(const Descriptor& file, const std::string& path, mode_t forbidden) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    refuse_file("pin-file-unreadable", path, reason(errno), {});
  }
  if (!S_ISREG(status.st_mode)) {
    refuse_file("pin-file-unreadable", path, "not a regular file",
                "give a file, or pass a pipe with --pin-fd");
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    refuse_file("pin-file-owner", path,
                fmt::format("it belongs to user {}, not to this user or root", status.st_uid),
                "use a PIN file that belongs to the user who runs the tool");
  }
  if ((status.st_mode & forbidden) != 0) {
    refuse_file("pin-file-mode", path,
                fmt::format("users other than its owner may read or write it (mode {:04o})",
                            status.st_mode & 07777U),
                fmt::format("chmod 600 {}, and choose a new PIN if others could read it",
                            shell_quote(path)));
  }
}

[[noreturn]] void not_a_text(std::string_view origin, std::string_view why) {
  throw Error(
      Kind::kPin, "pin-not-text", fmt::format("{}: {}", origin, why),
      "save the PIN as plain UTF-8 without a byte order mark; keyrite sent nothing to the token");
}

// PKCS#11 v3.1 section 3.2: a PIN is of CK_UTF8CHAR. What an editor of another system wrote would
// cost a try.
void require_text(ByteView pin, std::string_view origin) {
  const auto begins = [&](std::initializer_list<std::uint8_t> mark) {
    return pin.size() >= mark.size() && std::equal(mark.begin(), mark.end(), pin.begin());
  };
  if (begins({0xff, 0xfe}) || begins({0xfe, 0xff})) not_a_text(origin, "it is UTF-16");
  if (begins({0xef, 0xbb, 0xbf})) not_a_text(origin, "it begins with a byte order mark");
  if (std::find(pin.begin(), pin.end(), 0) != pin.end())
    not_a_text(origin, "it has a byte of zero, as UTF-16 and binary files do");
  if (!is_utf8({reinterpret_cast<const char*>(pin.data()), pin.size()}))
    not_a_text(origin, "it is not UTF-8");
}

// What a shell gives for <(command): a pipe by the name of a link.
bool is_process_substitution(std::string_view path) {
  return path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
}

crypto::SecretBytes read_checked_file(int opened, int open_error, const std::string& path,
                                      mode_t forbidden) {
  const Descriptor file(opened);
  if (opened < 0) {
    refuse_file("pin-file-unreadable", path,
                open_error == ELOOP ? "it is a symbolic link, which keyrite does not follow"
                                    : reason(open_error),
                is_process_substitution(path)
                    ? "pass the pipe of a shell's <(command) with:\n  --pin-fd 3 3< <(command)"
                    : "give the path of the file itself");
  }
  check_pin_file(file, path, forbidden);
  ReadResult result = read_to_end(file.number());
  if (result.failure != 0) refuse_file("pin-file-unreadable", path, reason(result.failure), {});
  return finish_pin(std::move(result.buffer), result.length,
                    fmt::format("PIN file {}", printable(path)));
}

// O_NONBLOCK so that a FIFO in the file's place is refused and not waited for.
constexpr int kOpenFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

}  // namespace

crypto::SecretBytes finish_pin(crypto::SecretBytes buffer, std::size_t length,
                               std::string_view origin) {
  if (length > 0 && buffer.reveal()[length - 1] == '\n') --length;
  if (length == 0) {
    throw Error(Kind::kPin, "pin-empty", fmt::format("{}: the PIN is empty", origin),
                "give the PIN; keyrite sent nothing to the token");
  }
  if (length > kMaxPinBytes) {
    throw Error(Kind::kPin, "pin-too-long",
                fmt::format("{}: the PIN is longer than {} bytes", origin, kMaxPinBytes),
                "check that this is the right file; keyrite sent nothing to the token");
  }
  const ByteView pin = buffer.reveal().first(length);
  if (std::any_of(pin.begin(), pin.end(), [](std::uint8_t b) { return b == '\r' || b == '\n'; })) {
    throw Error(
        Kind::kPin, "pin-line-break",
        fmt::format("{}: the PIN has more than one line, or ends with a carriage return", origin),
        "save the PIN as one line that ends as on Linux (LF) and not as on Windows (CR LF); "
        "keyrite "
        "sent nothing to the token");
  }
  require_text(pin, origin);
  buffer.truncate(length);
  return buffer;
}

crypto::SecretBytes read_pin_fd(int descriptor) {
  if (fcntl(descriptor, F_GETFD) == -1) {
    throw Error(Kind::kConfig, "pin-fd-unreadable",
                fmt::format("descriptor {} is not open", descriptor),
                fmt::format("open it in the shell, for instance {}<pin-file", descriptor));
  }
  if (isatty(descriptor) == 1) {
    throw Error(Kind::kUsage, "pin-fd-is-terminal",
                fmt::format("descriptor {} is a terminal, which would show the PIN", descriptor),
                "leave the option out: keyrite then asks for the PIN without echo");
  }
  const Descriptor owned(descriptor);
  ReadResult result = read_to_end(descriptor);
  if (result.failure != 0) {
    throw Error(Kind::kConfig, "pin-fd-unreadable",
                fmt::format("descriptor {}: {}", descriptor, reason(result.failure)),
                "open it for reading");
  }
  return finish_pin(std::move(result.buffer), result.length,
                    fmt::format("descriptor {}", descriptor));
}

crypto::SecretBytes read_pin_file(const std::string& path) {
  const int opened = open(path.c_str(), kOpenFlags);
  return read_checked_file(opened, errno, path, S_IRWXG | S_IRWXO);
}

std::optional<crypto::SecretBytes> read_pin_credential(const std::string& folder,
                                                       std::string_view name) {
  const std::string path = fmt::format("{}/{}", folder, name);
  const int opened = open(path.c_str(), kOpenFlags);
  const int open_error = errno;
  if (opened < 0 && (open_error == ENOENT || open_error == ENOTDIR)) return std::nullopt;
  return read_checked_file(opened, open_error, path, S_IWGRP | S_IXGRP | S_IRWXO);
}

}  // namespace keyrite::cli
