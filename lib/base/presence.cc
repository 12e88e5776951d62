#include "base/presence.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
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
              fmt::format("{} cannot be looked at: {}", printable(path.native()), looked.reason),
              "mend what the system says of it, then run this again");
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
