#include "transcript/sent.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"

namespace keyrite::transcript {

namespace {

namespace fs = std::filesystem;

fs::path sent_folder(const std::string& folder) { return fs::path(folder) / "sent"; }

}  // namespace

std::string sent_file(const std::string& folder, const std::string& sha256, const char* extension) {
  return sent_folder(folder) / (sha256 + extension);
}

Bytes keep_sent(const std::string& folder, const std::string& sha256, const char* extension,
                ByteView content) {
  std::error_code failed;
  fs::create_directory(sent_folder(folder), failed);
  const std::string path = sent_file(folder, sha256, extension);
  if (is_there(path)) return read_file(path);
  write_new_file(path, content);
  return {content.begin(), content.end()};
}

std::vector<std::string> sent_checkpoints(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  for (auto entry = fs::directory_iterator(sent_folder(folder), failed);
       !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == kSentCheckpoint) found.push_back(entry->path().stem());
  }
  if (failed && failed != std::errc::no_such_file_or_directory) {
    throw Error(Kind::kConfig, "folder-unreadable",
                printable(sent_folder(folder).native()) + " cannot be read: " + failed.message(),
                "correct what the system reports, then run the command again");
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace keyrite::transcript
