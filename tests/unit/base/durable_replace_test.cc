// What a power failure leaves is decided by the order of fsync(2) and rename(2): it is recorded
// here as the kernel sees it.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/file.h"
#include "support/command.h"
#include "unit/base/system_calls_seen.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A file that is replaced is on disk before it has its name, and its name after") {
  const Workshop shop;
  const std::string path = shop.put("kept", as_bytes(std::string_view("old")));
  SystemCallsSeen seen;
  replace_file(path, as_bytes(std::string_view("new")));
  const std::string folder = shop.folder().native();
  CHECK(seen.calls() ==
        std::vector<std::string>{"fsync part in " + folder, "rename", "fsync " + folder});
  CHECK(as_text(read_file(path)) == "new");
}

TEST_CASE("A folder that is made has its name on disk") {
  const Workshop shop;
  SystemCallsSeen seen;
  require_folder(shop.folder() / "evidence");
  CHECK(seen.calls() == std::vector<std::string>{"fsync " + shop.folder().native()});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
