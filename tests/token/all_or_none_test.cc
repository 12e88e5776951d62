// Folders that belong together: all or none, whatever the second check throws.
#include "imports/internal/all_or_none.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using imports::NewFolder;

struct Two {
  Workshop shop{};
  std::vector<FolderFile> files{{.name = "a", .content = {1}}};
  [[nodiscard]] std::string path(const char* name) const { return shop.folder() / name; }
  [[nodiscard]] std::vector<NewFolder> folders() const {
    return {{path("one"), &files}, {path("two"), &files}};
  }
  [[nodiscard]] std::string left() const { return as_text(shop.must("ls -A")); }
};

TEST_CASE("Two folders that are right both stand, each checked after it was written") {
  const Two two;
  std::string seen;
  imports::write_all_or_none(two.folders(), [&](std::size_t place) {
    seen += std::to_string(place);
    CHECK(fs::exists(two.path(place == 0 ? "one" : "two") + "/a"));
  });
  CHECK(seen == "01");
  CHECK(two.left() == "one\ntwo\n");
}

TEST_CASE("Whatever the second check throws, of whatever type, no folder is left") {
  const auto failing = [](const auto& what) {
    const Two two;
    const auto failure = failure_of([&] {
      imports::write_all_or_none(two.folders(), [&](std::size_t place) {
        if (place == 1) throw what;
      });
    });
    CHECK(two.left().empty());
    return failure;
  };
  CHECK(failing(Error(Kind::kVerification, "bundle-size", "wrong")).code == "bundle-size");
  CHECK(failing(std::runtime_error("out of something")).code == "internal");
  CHECK(failing(42).code == "internal");
}

TEST_CASE("A folder that cannot be written takes the one before it along") {
  const Two two;
  two.shop.must("touch two");
  CHECK(failure_of([&] { imports::write_all_or_none(two.folders(), [](std::size_t) {}); }).code ==
        "output-exists");
  CHECK(two.left() == "two\n");
}

TEST_CASE("A folder that cannot be taken back is named") {
  const Two two;
  two.shop.must("mkdir deep");
  const std::vector<NewFolder> folders{{two.path("deep/one"), &two.files},
                                       {two.path("two"), &two.files}};
  const auto failure = failure_of([&] {
    imports::write_all_or_none(folders, [&](std::size_t place) {
      if (place == 0) return;
      two.shop.must("mv deep away && touch deep");
      throw Error(Kind::kVerification, "bundle-size", "wrong");
    });
  });
  CHECK(failure.code == "bundle-size");
  CHECK(failure.message.find("deep/one was written and cannot be removed") != std::string::npos);
  CHECK_FALSE(fs::exists(two.path("two")));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
