#include "fuzz/target.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/text.h"

namespace keyrite::fuzz {

namespace {

namespace fs = std::filesystem;

bool is_slug(std::string_view code) {
  return !code.empty() && std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// In lines: a message may list several files.
bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (printable(text.substr(0, end)) != text.substr(0, end)) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "keyrite-fuzz-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

void require(bool holds, const char* property) {
  if (!holds) throw Broken(property);
}

void require_plain(const Error& error) {
  require(error.kind() != Kind::kInternal && error.kind() != Kind::kUnknownOutcome,
          "bytes of others are no defect of ours");
  require(is_slug(error.code()), "an Error has a code");
  require(!error.message().empty() && is_printable(error.message()), "a message is safe to print");
  require(is_printable(error.hint()), "a hint is safe to print");
}

const Target* target_named(std::string_view name) {
  const auto all = targets();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Target& target) { return target.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Bytes fixed(const std::string& name) {
  return read_file(fs::path(KEYRITE_FUZZ_DIR) / "fixed" / name);
}

std::string old_path(const std::string& name) {
  return fs::path(KEYRITE_FUZZ_DIR) / ".." / "upgrade" / "made-by-0.1.0" / name;
}

std::string as_file(ByteView content, const std::string& name) {
  static const Folder folder;
  const fs::path path = folder.path() / name;
  fs::create_directories(path.parent_path());
  const std::string text = as_text(content);
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(text.data(), static_cast<std::streamsize>(text.size()));
  return path.native();
}

std::size_t choice(ByteView& bytes, std::size_t choices) {
  if (bytes.empty()) return 0;
  const std::size_t chosen = bytes.front() % choices;
  bytes = bytes.subspan(1);
  return chosen;
}

}  // namespace keyrite::fuzz
