#include "base/presence.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"

namespace keyrite {

namespace fs = std::filesystem;

Looked look_at(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return {.presence = Presence::kThere};
  const int reason = errno;
  if (reason == ENOENT || reason == ENOTDIR) return {.presence = Presence::kAbsent};
  const char* name = ::strerrorname_np(reason);
  return {.presence = Presence::kUnknown,
          .error = name != nullptr ? std::string(name) : fmt::format("errno {}", reason),
          .reason = std::generic_category().message(reason)};
}

bool is_there(const fs::path& path) {
  const Looked looked = look_at(path);
  if (looked.presence != Presence::kUnknown) return looked.presence == Presence::kThere;
  throw Error(Kind::kConfig, "path-unreadable",
              fmt::format("the system does not say whether {} exists: {}", printable(path.native()),
                          looked.reason),
              "correct what the system reports, then run the command again");
}

namespace {

// A folder of nearly the same name in the same place, as it would have been given.
std::optional<std::string> folder_meant(const fs::path& given) {
  const fs::path folder = given.has_filename() ? given : given.parent_path();
  const fs::path place = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  std::vector<std::string> names;
  std::error_code failed;
  for (auto entry = fs::directory_iterator(place, failed);
       !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    std::error_code unknown;
    if (entry->is_directory(unknown)) names.push_back(entry->path().filename().native());
  }
  std::ranges::sort(names);
  const auto near = nearest(folder.filename().native(), names);
  if (!near) return std::nullopt;
  return (folder.has_parent_path() ? place / *near : fs::path(*near)).native();
}

}  // namespace

void require_folder_there(const fs::path& folder) {
  if (is_there(folder)) return;
  const auto meant = folder_meant(folder);
  throw Error(Kind::kConfig, "folder-missing",
              fmt::format("there is no folder {}", printable(folder.native())),
              meant ? fmt::format("did you mean {}?", printable(*meant))
                    : "check the name, and the folder in which you are");
}

fs::path absolute_path(const fs::path& path) {
  std::error_code gone;
  const fs::path whole = fs::absolute(path, gone);
  return gone ? path : whole;
}

fs::path real_place(const fs::path& path) {
  fs::path whole = absolute_path(path);
  if (!whole.has_filename()) whole = whole.parent_path();
  std::error_code failed;
  const fs::path folder = fs::canonical(whole.parent_path(), failed);
  const fs::path name = whole.filename();
  if (failed || name == "." || name == "..") return whole.lexically_normal();
  return folder / name;
}

}  // namespace keyrite
