#include "credential/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "wrap/sealing.h"

namespace keyrite::credential {

namespace {

class OpenedFile {
 public:
  explicit OpenedFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;
  ~OpenedFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void unreadable(const std::string& from, std::string_view why) {
  throw Error(Kind::kConfig, "secret-unreadable",
              fmt::format("the secret cannot be read from {}: {}", from, why),
              "nothing was sealed");
}

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

crypto::SecretBytes read_to_end(int descriptor, const std::string& from) {
  crypto::SecretBytes secret(wrap::kLargestSealedSecret + 1);
  const auto room = secret.reveal_for_writing();
  std::size_t length = 0;
  while (length < room.size()) {
    const ssize_t got = read(descriptor, &room[length], room.size() - length);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) unreadable(from, reason());
    length += static_cast<std::size_t>(got);
  }
  if (length == 0) {
    throw Error(Kind::kUsage, "secret-empty", fmt::format("{} has no secret", from),
                "nothing was sealed");
  }
  if (length > wrap::kLargestSealedSecret) {
    throw Error(
        Kind::kUsage, "secret-too-long",
        fmt::format("{} has more than {} bytes", from, wrap::kLargestSealedSecret),
        "a credential is a short secret: encrypt what is longer with a data key of keyrite dek");
  }
  secret.truncate(length);
  return secret;
}

crypto::SecretBytes read_secret_file(const std::string& path) {
  const std::string from = fmt::format("the file {}", printable(path));
  const OpenedFile file(path);
  if (file.descriptor() < 0) unreadable(from, reason());
  struct stat status {};
  if (fstat(file.descriptor(), &status) != 0) unreadable(from, reason());
  if (!S_ISREG(status.st_mode)) unreadable(from, "it is not a regular file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(Kind::kConfig, "secret-file-mode",
                fmt::format("others than its owner can use {} (mode {:04o})", from,
                            status.st_mode & 07777U),
                fmt::format("chmod 600 {}, and get a new secret if others could read this one",
                            shell_quote(path)));
  }
  return read_to_end(file.descriptor(), from);
}

}  // namespace

crypto::SecretBytes read_secret(const std::optional<std::uint32_t>& descriptor,
                                const std::optional<std::string>& file) {
  if (descriptor && file) {
    throw Error(Kind::kUsage, "secret-source-twice", "--secret-fd and --secret-file are both given",
                "give one of them, or neither for standard input");
  }
  if (file) return read_secret_file(*file);
  const int number = descriptor ? static_cast<int>(*descriptor) : STDIN_FILENO;
  const std::string from =
      descriptor ? fmt::format("descriptor {}", number) : std::string("standard input");
  if (isatty(number) == 1) {
    throw Error(Kind::kUsage, "secret-from-terminal",
                fmt::format("{} is a terminal, which would show the secret", from),
                "pipe the secret in, or give --secret-file");
  }
  return read_to_end(number, from);
}

}  // namespace keyrite::credential
