#include "cli/version.h"

#include <fmt/format.h>

#include <algorithm>

namespace keyrite::cli {
namespace {

// "fmt 9.1.0,OpenSSL 3.0.17", as CMake found them.
Json libraries() {
  Json all = Json::array();
  std::string_view rest = KEYRITE_LIBRARIES;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    const auto blank = one.find(' ');
    all.push_back({{"name", one.substr(0, blank)}, {"version", one.substr(blank + 1)}});
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return all;
}

}  // namespace

std::string_view version() { return KEYRITE_VERSION; }

std::string version_text(std::string_view tool, DocumentForm form) {
  if (form == DocumentForm::kNone) {
    return tool == "keyrite" ? fmt::format("keyrite {}\n", version())
                             : fmt::format("keyrite {} {}\n", tool, version());
  }
  return document_text(document(tool, "result",
                                {{"version", version()},
                                 {"commit", text_or_null(KEYRITE_COMMIT)},
                                 {"libraries", libraries()}}),
                       form == DocumentForm::kCompact);
}

}  // namespace keyrite::cli
