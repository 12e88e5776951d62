#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "support/command.h"
#include "unit/base/file_scene.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

// The refusal of a write, after a check that nothing was left in `folder` but `names`, and that
// the early check refuses for the same reason.
Refusal refusal(const fs::path& path, const fs::path& folder, const Names& names) {
  const Refusal early = refusal_of([&] { require_writable_new_path(path); });
  const Refusal found = refusal_of([&] { write_new_file(path, as_bytes("new")); });
  CHECK(names_in(folder) == names);
  CHECK(early == found);
  CHECK(early.message == found.message);
  return found;
}

TEST_CASE("A new file has exactly its content and nothing stands beside it") {
  const Workshop shop;
  for (const std::size_t size : {0U, 1U, 4096U, 3000000U}) {
    const std::string name = "file-" + std::to_string(size);
    write_new_file(shop.folder() / name, pattern(size));
    CHECK(shop.get(name) == pattern(size));
  }
  CHECK(names_in(shop.folder()) == Names{"file-0", "file-1", "file-3000000", "file-4096"});
}

TEST_CASE("A new file is for its owner alone whatever the umask allows") {
  const Workshop shop;
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{077}}) {
    const Umask open(mask);
    const fs::path path = shop.folder() / std::to_string(mask);
    write_new_file(path, as_bytes("new"));
    CHECK(mode_of(path) == 0600);
  }
}

TEST_CASE("A path without a folder is in the working folder") {
  const Workshop shop;
  const fs::path before = fs::current_path();
  fs::current_path(shop.folder());
  require_writable_new_path("file");
  write_new_file("file", as_bytes("new"));
  fs::current_path(before);
  CHECK(as_text(shop.get("file")) == "new");
}

TEST_CASE("Existing output of any kind is refused and stays as it was") {
  const Workshop shop;
  shop.must("printf old > file; mkdir folder; mkfifo pipe; ln -s file link; ln -s absent dangling");
  const Names names{"dangling", "file", "folder", "link", "pipe"};
  CHECK(refusal(shop.folder() / "file/", shop.folder(), names) == usage("output-exists"));
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(refusal(shop.folder() / name, shop.folder(), names) == usage("output-exists"));
  }
  CHECK(as_text(shop.get("file")) == "old");
  CHECK(fs::read_symlink(shop.folder() / "dangling") == "absent");
  CHECK(refusal(".", shop.folder(), names) == usage("output-exists"));
  CHECK(refusal(shop.folder() / "..", shop.folder(), names) == usage("output-exists"));
  CHECK(refusal("/", shop.folder(), names) == usage("output-exists"));
}

TEST_CASE("A folder that is absent or no folder is refused with a remedy") {
  const Workshop shop;
  shop.put("file", {});
  for (const auto& path : {shop.folder() / "absent" / "new", shop.folder() / "file" / "new"}) {
    CAPTURE(path);
    const Refusal found = refusal(path, shop.folder(), {"file"});
    CHECK(found == failed("file-unwritable"));
    CHECK(found.hint == "create the folder first");
  }
}

TEST_CASE("A folder reached through a symbolic link is written into") {
  const Workshop shop;
  shop.must("mkdir real; ln -s real link");
  write_new_file(shop.folder() / "link" / "new", as_bytes("new"));
  CHECK(as_text(shop.get("real/new")) == "new");
  CHECK(names_in(shop.folder() / "real") == Names{"new"});
}

TEST_CASE("A folder without write permission is refused with a remedy") {
  const Workshop shop;
  shop.must("mkdir closed");
  const fs::path closed = shop.folder() / "closed";
  const Unprivileged nobody(shop.folder());
  for (const mode_t mode : {mode_t{0500}, mode_t{0400}, mode_t{0600}, mode_t{0300}, mode_t{0}}) {
    CAPTURE(mode);
    REQUIRE(chmod(closed.c_str(), mode) == 0);
    CHECK(refusal_of([&] { require_writable_new_path(closed / "new"); }) ==
          failed("file-unwritable"));
    const Refusal found = refusal_of([&] { write_new_file(closed / "new", as_bytes("new")); });
    CHECK(found == failed("file-unwritable"));
    CHECK(found.message.find("Permission denied") != std::string::npos);
    CHECK(found.hint == "make the folder writable for the user who runs keyrite");
    REQUIRE(chmod(closed.c_str(), 0700) == 0);
    CHECK(names_in(closed).empty());
  }
}

TEST_CASE("The early check changes nothing when it has nothing to say") {
  const Workshop shop;
  require_writable_new_path(shop.folder() / "new");
  require_writable_new_path(shop.folder() / "new/");
  CHECK(names_in(shop.folder()).empty());
}

TEST_CASE("A folder that the kernel makes up takes no file, and root is told so early") {
  for (const char* path : {"/proc/x9", "/proc/self/x9", "/sys/x9"}) {
    CAPTURE(path);
    const Refusal early = refusal_of([&] { require_writable_new_path(path); });
    CHECK(early == failed("file-unwritable"));
    CHECK(early.hint == "choose a folder on a disk");
    CHECK(refusal_of([&] { write_new_folder(path, {}); }) == failed("file-unwritable"));
  }
}

TEST_CASE("A name that the file system cannot hold is refused") {
  const Workshop shop;
  CHECK(refusal(shop.folder() / std::string(256, 'n'), shop.folder(), {}) ==
        failed("file-unwritable"));
  CHECK(refusal("", shop.folder(), {}) == failed("file-unwritable"));
}

TEST_CASE("Every name that the early check lets pass can be written") {
  const Workshop shop;
  const std::string longest(255, 'n');
  for (const std::string& name :
       {longest, std::string("slash/"), std::string(" "), std::string("a\nb")}) {
    CAPTURE(name);
    require_writable_new_path(shop.folder() / name);
    write_new_file(shop.folder() / name, as_bytes("new"));
  }
  CHECK(names_in(shop.folder()) == Names{" ", "a\nb", longest, "slash"});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
