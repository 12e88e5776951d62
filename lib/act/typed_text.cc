#include "act/typed_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kMaxTextBytes = 4096;

[[noreturn]] void invalid(std::string_view why) {
  throw Error(Kind::kUsage, "text-invalid", fmt::format("the text {}", why),
              "write one to a few sentences");
}

[[noreturn]] void not_erased(const fs::path& path, int reason) {
  throw Error(Kind::kFailed, "file-unwritable",
              fmt::format("{} cannot be erased: {}", printable(path.native()),
                          std::generic_category().message(reason)),
              "the folder must be writable by the user who runs this");
}

// The path of a kept text; a name that is no SHA-256 would leave the folder.
fs::path path_of(const std::string& folder, std::string_view sha256) {
  return fs::path(folder) / Fact::sha256(sha256).json().get<std::string>();
}

std::string file_text(std::string_view text) {
  const Json document{{"salt", to_hex(crypto::random_bytes(kSaltBytes))}, {"text", text}};
  try {
    return canonical_json(document);
  } catch (const Error&) {
    invalid("is not UTF-8");
  }
}

}  // namespace

LogFacts KeptText::log_facts() const { return {{"text_sha256", Fact::sha256(sha256_)}}; }

KeptText keep_text(const std::string& folder, std::string_view text) {
  if (text.empty()) invalid("is empty");
  if (text.size() > kMaxTextBytes) invalid(fmt::format("is longer than {} bytes", kMaxTextBytes));
  const std::string content = file_text(text);
  std::string sha256 = crypto::sha256_hex(as_bytes(content));
  require_folder(folder);
  write_new_file(path_of(folder, sha256), as_bytes(content));
  return KeptText(std::move(sha256));
}

std::optional<std::string> kept_text(const std::string& folder, std::string_view sha256) {
  const fs::path path = path_of(folder, sha256);
  std::error_code failure;
  if (fs::symlink_status(path, failure).type() == fs::file_type::not_found) return std::nullopt;
  const Bytes content = read_file(path);
  if (crypto::sha256_hex(content) != sha256) {
    throw Error(Kind::kVerification, "text-changed",
                fmt::format("the text in {} does not have the SHA-256 that is in the log",
                            printable(path.native())),
                "somebody changed it after it was written: look for a copy");
  }
  const std::string origin = printable(path.native());
  const Json document = parse_json(content, origin);
  return JsonView(document, origin).text("text");
}

bool erase_text(const std::string& folder, std::string_view sha256) {
  const fs::path path = path_of(folder, sha256);
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return false;
    not_erased(path, errno);
  }
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) not_erased(path, reason);
  return true;
}

}  // namespace keyrite::act
