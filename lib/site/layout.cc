#include "site/layout.h"

#include <filesystem>

namespace keyrite::site {

std::string in_site(const std::string& folder, const std::string& name) {
  return (std::filesystem::path(folder) / name).native();
}

}  // namespace keyrite::site
