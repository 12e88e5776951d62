#include <doctest/doctest.h>

#include "bundle/verify.h"
#include "unit/bundle/bundle_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A folder is read whole, links, sub-folders and huge files are refused") {
  const Workshop shop;
  const bundle::Contents contents = bundle::assemble(sample_parts(shop));
  shop.must("mkdir b");
  for (const FolderFile& file : contents) {
    shop.put("b/" + file.name, file.content);
  }
  const auto refused = [&] {
    try {
      static_cast<void>(bundle::read_contents(shop.folder() / "b"));
    } catch (const Error& error) {
      return error.code();
    }
    return std::string("nothing thrown");
  };
  CHECK(bundle::verify(bundle::read_contents(shop.folder() / "b"), sample_policy()).good());
  shop.must("mkdir b/sub");
  CHECK(refused() == "bundle-file-extra");
  shop.must("rmdir b/sub; mv b/README.txt r; ln -s ../r b/README.txt");
  CHECK(refused() == "bundle-file-extra");
  shop.must("rm b/README.txt; truncate -s 2M b/README.txt");
  CHECK(refused() == "bundle-size");
  shop.must("rm b/README.txt; cd b; for i in $(seq 70); do echo > f$i; done");
  CHECK(refused() == "bundle-file-extra");
  shop.must("rm -r b");
  CHECK(refused() == "folder-missing");
  shop.must("echo > b");
  CHECK(refused() == "folder-unreadable");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
