#include <algorithm>
#include <system_error>

#include "base/presence.h"
#include "base/text.h"
#include "bundle/verify.h"

namespace keyrite::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 64;

FolderFile read_entry(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code ignored;
  const fs::file_status status = entry.symlink_status(ignored);
  if (status.type() != fs::file_type::regular) {
    throw Error(Kind::kVerification, "bundle-file-extra",
                "\"" + printable(name) + "\" in the bundle is not a regular file",
                "a bundle contains only files; copy the whole folder again");
  }
  if (entry.file_size(ignored) > kMaxInputFile) {
    throw Error(Kind::kVerification, "bundle-size",
                "\"" + printable(name) + "\" is larger than any file of a bundle");
  }
  const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  return {name, read_file(entry.path()), executable};
}

}  // namespace

Contents read_contents(const fs::path& folder) {
  require_folder_there(folder);
  std::error_code failed;
  // Before anything in it is called out of place: a folder that holds bundles is none itself.
  if (fs::is_directory(folder, failed) &&
      look_at(folder / kManifestFile).presence == Presence::kAbsent) {
    throw Error(Kind::kVerification, "bundle-file-missing",
                "\"" + printable(folder.string()) + "\" has no " + std::string(kManifestFile),
                "give the folder of a bundle, as wrap-for-import wrote it");
  }
  fs::directory_iterator entries(folder, failed);
  Contents contents;
  while (!failed && entries != fs::directory_iterator{}) {
    if (contents.size() == kMostFiles) {
      throw Error(Kind::kVerification, "bundle-file-extra",
                  "\"" + printable(folder.string()) + "\" has more files than any bundle");
    }
    contents.push_back(read_entry(*entries));
    entries.increment(failed);
  }
  if (failed) {
    throw Error(
        Kind::kConfig, "folder-unreadable",
        "the folder \"" + printable(folder.string()) + "\" cannot be read: " + failed.message(),
        "give the folder of a bundle, as wrap-for-import wrote it");
  }
  std::sort(contents.begin(), contents.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return contents;
}

}  // namespace keyrite::bundle
