#include "support/skip.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <string_view>

namespace keyrite::test {
namespace {

std::atomic<bool> g_skipped{false};

bool all_required() {
  const char* value = std::getenv("KEYRITE_REQUIRE_ALL");
  return value != nullptr && std::string_view{value} == "1";
}

// Who publishes what, and where it stands there.
struct Project {
  std::string_view name{};
  std::string_view address{};
  std::string_view folder{};
  std::string_view licence{};
};
constexpr std::array<Project, 3> kProjects{
    {{"cyclonedx", "https://github.com/CycloneDX/specification", "schema", "Apache-2.0"},
     {"wycheproof", "https://github.com/C2SP/wycheproof", "testvectors_v1", "Apache-2.0"},
     {"merkle", "https://github.com/transparency-dev/merkle", "testdata", "Apache-2.0"}}};

std::string where_to_find(const std::string& name) {
  const auto end = name.find('/');
  const auto* project = std::ranges::find(kProjects, name.substr(0, end), &Project::name);
  REQUIRE(project != kProjects.end());
  std::string text = "this test needs ";
  text.append(project->folder).append(name.substr(end)).append(" of ").append(project->address);
  text.append(" (").append(project->licence).append(") as $KEYRITE_VECTORS/").append(name);
  return text;
}

}  // namespace

void skip(const std::string& reason) {
  if (all_required()) {
    FAIL_CHECK("cannot be skipped here: " << reason);
    return;
  }
  g_skipped = true;
  MESSAGE("SKIPPED: " << reason);
}

bool was_skipped() { return g_skipped; }

std::optional<std::filesystem::path> vectors(const std::string& name) {
  const char* given = std::getenv("KEYRITE_VECTORS");
  const bool is_given = given != nullptr && *given != '\0';
  const std::filesystem::path root = is_given ? given : KEYRITE_VECTORS_DIR;
  if (std::filesystem::exists(root / name)) return root / name;
  skip(where_to_find(name));
  return std::nullopt;
}

}  // namespace keyrite::test
