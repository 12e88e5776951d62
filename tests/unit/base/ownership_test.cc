#include "base/ownership.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>

#include "support/command.h"
#include "support/skip.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

struct Tree {
  Workshop shop{};
  fs::path file{};
  Tree() {
    shop.must("mkdir -p outer/inner && chmod 700 outer outer/inner");
    file = shop.put("outer/inner/file", {});
    shop.must("chmod 600 outer/inner/file");
  }
  [[nodiscard]] Refusal after(const std::string& command) const {
    shop.must(command);
    return refusal_of([&] { require_ours_alone(file); });
  }
};

TEST_CASE("A file in folders of ours is ours, under the sticky /tmp too") {
  const Tree tree;
  CHECK_FALSE(changeable_by_others(tree.file));
  CHECK(tree.after("true").code.empty());
}

TEST_CASE("A file that group or others may write is refused, and so is its folder and one above") {
  for (const char* command : {"chmod 620 outer/inner/file", "chmod 602 outer/inner/file",
                              "chmod 770 outer/inner", "chmod 777 outer"}) {
    CAPTURE(command);
    const Tree tree;
    CHECK(tree.after(command) == config("config-writable-by-others"));
  }
  const Tree named;
  CHECK(named.after("chmod 777 outer").message.find((named.shop.folder() / "outer").native()) !=
        std::string::npos);
}

TEST_CASE("A folder further up that another user owns can be put elsewhere by him") {
  if (::geteuid() != 0) return skip("only root can give a folder away");
  const Tree tree;
  CHECK(tree.after("chown 54321 outer") == config("config-writable-by-others"));
}

TEST_CASE("A link is followed to what it names") {
  const Tree tree;
  tree.shop.must("chmod 666 outer/inner/file && ln -s outer/inner/file link");
  CHECK(refusal_of([&] { require_ours_alone(tree.shop.folder() / "link"); }) ==
        config("config-writable-by-others"));
}

TEST_CASE("A file that is not there is unreadable") {
  const Workshop shop;
  CHECK(refusal_of([&] { require_ours_alone(shop.folder() / "absent"); }) ==
        config("file-unreadable"));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
