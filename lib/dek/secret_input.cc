#include "dek/secret_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::dek {

namespace {

constexpr std::size_t kRoom = std::size_t{16} * 1024;
constexpr std::size_t kLongestSecretLine = 1024;

[[noreturn]] void unreadable(const std::string& name, std::string_view why) {
  throw Error(Kind::kConfig, "secret-unreadable",
              fmt::format("the secret cannot be read from {}: {}", name, why),
              "check the path and its permissions");
}

[[noreturn]] void unreadable(const std::string& name, int reason) {
  unreadable(name, std::generic_category().message(reason));
}

int opened(const std::string& path, SecretFile whose) {
  const int of_owner = whose == SecretFile::kOwnersAlone ? O_NOFOLLOW | O_NONBLOCK : 0;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | of_owner);
  if (descriptor < 0) unreadable(printable(path), errno);
  return descriptor;
}

void require_owners_alone(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) unreadable(printable(path), errno);
  if (!S_ISREG(status.st_mode)) unreadable(printable(path), "it is not a regular file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  throw Error(Kind::kConfig, "secret-file-mode",
              fmt::format("others than its owner can use the file {} (mode {:04o})",
                          printable(path), status.st_mode & 07777U),
              fmt::format("chmod 600 {}, and get a new secret if others could read this one",
                          shell_quote(path)));
}

}  // namespace

SecretInput::SecretInput(const std::string& path, SecretFile whose)
    : SecretInput(opened(path, whose), printable(path), true) {
  if (whose == SecretFile::kOwnersAlone) require_owners_alone(descriptor_, path);
}

SecretInput::SecretInput(int descriptor, std::string name, bool owned)
    : name_(std::move(name)), descriptor_(descriptor), owned_(owned), buffer_(kRoom) {}

SecretInput::SecretInput(int descriptor, std::string name)
    : SecretInput(descriptor, std::move(name), false) {
  if (::isatty(descriptor) != 1) return;
  throw Error(Kind::kUsage, "secret-from-terminal",
              fmt::format("{} is a terminal, which shows what is typed", name_),
              "pipe the secret in, or name a file or another descriptor");
}

SecretInput::~SecretInput() {
  if (owned_) ::close(descriptor_);
}

bool SecretInput::fill() {
  const auto room = buffer_.reveal_for_writing();
  std::copy(room.begin() + static_cast<std::ptrdiff_t>(from_),
            room.begin() + static_cast<std::ptrdiff_t>(to_), room.begin());
  to_ -= std::exchange(from_, 0);
  while (true) {
    const ssize_t got = ::read(descriptor_, &room[to_], room.size() - to_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) unreadable(name_, errno);
    to_ += static_cast<std::size_t>(got);
    return got != 0;
  }
}

std::optional<crypto::SecretBytes> SecretInput::whole(std::size_t limit) {
  while (to_ - from_ <= limit && fill()) {
  }
  if (to_ - from_ > limit) return std::nullopt;
  return crypto::SecretBytes(buffer_.reveal().subspan(from_, to_ - from_));
}

std::optional<crypto::SecretBytes> SecretInput::line() {
  while (true) {
    const auto there = buffer_.reveal().subspan(from_, to_ - from_);
    const auto end = std::ranges::find(there, std::uint8_t{'\n'});
    const auto length = static_cast<std::size_t>(end - there.begin());
    if (length > kLongestSecretLine) {
      throw Error(
          Kind::kConfig, "dek-key-invalid",
          fmt::format("line {} of {} is longer than any with a data key", lines_ + 1, name_),
          R"(give lines like {"key":"BASE64"}, as keyrite dek unwrap writes them)");
    }
    if (end == there.end()) {
      if (fill()) continue;
      if (to_ == from_) return std::nullopt;
    }
    ++lines_;
    crypto::SecretBytes found(buffer_.reveal().subspan(from_, length));
    from_ = std::min(to_, from_ + length + 1);
    return found;
  }
}

}  // namespace keyrite::dek
