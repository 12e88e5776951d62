#include "dek/internal/secret_input.h"

#include <fcntl.h>
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

[[noreturn]] void unreadable(const std::string& name, int reason) {
  throw Error(Kind::kConfig, "file-unreadable",
              fmt::format("{} cannot be read: {}", name, std::generic_category().message(reason)),
              "check the path and its permissions");
}

int opened(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) unreadable(printable(path), errno);
  return descriptor;
}

}  // namespace

SecretInput::SecretInput(const std::string& path)
    : name_(printable(path)), descriptor_(opened(path)), owned_(true), buffer_(kRoom) {}

SecretInput::SecretInput(int descriptor, std::string name)
    : name_(std::move(name)), descriptor_(descriptor), owned_(false), buffer_(kRoom) {
  if (::isatty(descriptor) != 1) return;
  throw Error(Kind::kUsage, "secret-from-terminal",
              fmt::format("{} is a terminal, which shows what is typed", name_),
              "pipe the data key in, or name a file or another descriptor");
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

crypto::SecretBytes SecretInput::whole(std::size_t limit) {
  while (to_ - from_ <= limit && fill()) {
  }
  if (to_ - from_ > limit) {
    throw Error(Kind::kUsage, "dek-length",
                fmt::format("{} has more than any data key: {} bytes", name_, limit),
                "give one data key, or a file of them with --from");
  }
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
