#include "site/layout.h"

#include <filesystem>

#include "base/presence.h"

namespace keyrite::site {

namespace {

namespace fs = std::filesystem;

fs::path real_path(const fs::path& given) {
  std::error_code failed;
  const fs::path whole = absolute_path(given).lexically_normal();
  const fs::path real = fs::weakly_canonical(whole, failed);
  return failed ? whole : real;
}

}  // namespace

bool is_within(const std::string& path, const std::string& folder) {
  // A folder's own last "/" is no part of its name.
  const fs::path named = (fs::path(folder) / "").parent_path();
  const fs::path within = real_path(path).lexically_relative(real_path(named));
  return !within.empty() && *within.begin() != "..";
}

std::string in_site(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).native();
}

}  // namespace keyrite::site
