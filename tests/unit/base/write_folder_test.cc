#include <doctest/doctest.h>

#include "base/file.h"
#include "support/command.h"
#include "unit/base/file_scene.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

std::vector<FolderFile> bundle() {
  return {{"manifest.json", pattern(5000), false},
          {"import.sh", pattern(10), true},
          {"answers/one", {}, false},
          {"answers/two", pattern(70000), false}};
}

Refusal refusal(const fs::path& path, const std::vector<FolderFile>& files) {
  return refusal_of([&] { write_new_folder(path, files); });
}

TEST_CASE("A file deep in a folder brings all folders above it") {
  const Workshop shop;
  write_new_folder(shop.folder() / "deep",
                   {{"a/b/c/one", pattern(3), false}, {"a/b/two", {}, false}});
  CHECK(shop.get("deep/a/b/c/one") == pattern(3));
  CHECK(names_in(shop.folder() / "deep/a/b") == Names{"c", "two"});
  CHECK(mode_of(shop.folder() / "deep/a/b/c") == 0700);
}

TEST_CASE("A new folder holds exactly its files and nothing stands beside it") {
  const Workshop shop;
  write_new_folder(shop.folder() / "bundle", bundle());
  CHECK(names_in(shop.folder()) == Names{"bundle"});
  CHECK(names_in(shop.folder() / "bundle") == Names{"answers", "import.sh", "manifest.json"});
  CHECK(names_in(shop.folder() / "bundle/answers") == Names{"one", "two"});
  for (const auto& file : bundle()) CHECK(shop.get("bundle/" + file.name) == file.content);
}

TEST_CASE("A new folder and its files are for their owner alone whatever the umask allows") {
  const Workshop shop;
  const Umask open(0);
  write_new_folder(shop.folder() / "bundle", bundle());
  CHECK(mode_of(shop.folder() / "bundle") == 0700);
  CHECK(mode_of(shop.folder() / "bundle/answers") == 0700);
  CHECK(mode_of(shop.folder() / "bundle/manifest.json") == 0600);
  CHECK(mode_of(shop.folder() / "bundle/answers/two") == 0600);
  CHECK(mode_of(shop.folder() / "bundle/import.sh") == 0700);
}

TEST_CASE("A folder without files is written too, and its name may end in a slash") {
  const Workshop shop;
  write_new_folder(shop.folder() / "empty/", {});
  CHECK(names_in(shop.folder()) == Names{"empty"});
  CHECK(names_in(shop.folder() / "empty").empty());
}

TEST_CASE("An existing folder or file or link of that name is refused and stays as it was") {
  const Workshop shop;
  shop.must("mkdir empty full; printf old > full/old; printf old > file; ln -s absent dangling");
  const Names names{"dangling", "empty", "file", "full"};
  for (const auto& name : {"dangling", "empty", "empty/", "file", "full", "full/"}) {
    CAPTURE(name);
    CHECK(refusal(shop.folder() / name, bundle()) == usage("output-exists"));
    CHECK(names_in(shop.folder()) == names);
  }
  CHECK(names_in(shop.folder() / "empty").empty());
  CHECK(names_in(shop.folder() / "full") == Names{"old"});
  CHECK(as_text(shop.get("file")) == "old");
}

TEST_CASE("A folder to be made in a folder that is absent is refused") {
  const Workshop shop;
  CHECK(refusal(shop.folder() / "absent/bundle", bundle()) == failed("file-unwritable"));
  CHECK(names_in(shop.folder()).empty());
}

TEST_CASE("A file that cannot be written leaves neither the folder nor a temporary one") {
  const Workshop shop;
  for (const auto& name : {std::string("manifest.json"), std::string("answers/one/deep"),
                           std::string(300, 'n'), std::string("manifest.json/a/b")}) {
    CAPTURE(name);
    auto files = bundle();
    files.push_back({name, {}, false});
    CHECK(refusal(shop.folder() / "bundle", files) == failed("file-unwritable"));
    CHECK(names_in(shop.folder()).empty());
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
