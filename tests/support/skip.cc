#include "support/skip.h"

#include <doctest/doctest.h>

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

std::optional<std::filesystem::path> vectors_folder(const std::string& name) {
  const char* given = std::getenv("KEYRITE_VECTORS");
  const std::filesystem::path root = given != nullptr ? given : KEYRITE_VECTORS_DIR;
  const auto folder = root / name;
  if (std::filesystem::is_directory(folder)) return folder;
  skip("no test vectors at " + folder.string() + " (set KEYRITE_VECTORS)");
  return std::nullopt;
}

}  // namespace keyrite::test
