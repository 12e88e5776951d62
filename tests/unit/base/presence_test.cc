// What cannot be looked at is neither there nor absent.
#include "base/presence.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

TEST_CASE("What is there, what is absent, and a link to either") {
  const Workshop shop;
  shop.must("touch file && ln -s file to-file && ln -s nothing to-nothing && mkdir folder");
  for (const char* name : {"file", "to-file", "folder", "."}) {
    CAPTURE(name);
    CHECK(look_at(shop.folder() / name).presence == Presence::kThere);
    CHECK(is_there(shop.folder() / name));
  }
  for (const char* name : {"nothing", "to-nothing", "file/below", "no/such/folder"}) {
    CAPTURE(name);
    CHECK(look_at(shop.folder() / name).presence == Presence::kAbsent);
    CHECK_FALSE(is_there(shop.folder() / name));
  }
}

TEST_CASE("A loop of links and a name that is too long cannot be looked at, and say why") {
  const Workshop shop;
  shop.must("ln -s b a && ln -s a b");
  const auto looked = look_at(shop.folder() / "a");
  CHECK(looked.presence == Presence::kUnknown);
  CHECK(looked.error == "ELOOP");
  CHECK(looked.reason == "Too many levels of symbolic links");
  CHECK(look_at(shop.folder() / std::string(300, 'x')).error == "ENAMETOOLONG");
  const Refusal refusal = refusal_of([&] { (void)is_there(shop.folder() / "a" / "below"); });
  CHECK(refusal == Refusal{Kind::kConfig, "path-unreadable", "", ""});
  CHECK(refusal.message.find("Too many levels of symbolic links") != std::string::npos);
}

TEST_CASE("A folder that is missing is named, and so is the one that was meant") {
  const Workshop shop;
  shop.must("mkdir site bundle && touch sitee.txt");
  require_folder_there(shop.folder() / "site");
  const auto refused = [&](const fs::path& path) {
    return refusal_of([&] { require_folder_there(path); });
  };
  const std::string site = shop.folder() / "site";
  for (const std::string& typed : {site + "e", site + "e/"}) {
    const Refusal refusal = refused(typed);
    CHECK(refusal == Refusal{Kind::kConfig, "folder-missing", "", ""});
    CHECK(refusal.message == "there is no folder " + typed);
    CHECK(refusal.hint == "did you mean " + site + "?");
  }
  // A file is not meant where a folder is asked for.
  CHECK(refused(shop.folder() / "other").hint == "check the name, and the folder in which you are");
  CHECK(refused(shop.folder() / "no/such").hint ==
        "check the name, and the folder in which you are");
  const fs::path before = fs::current_path();
  fs::current_path(shop.folder());
  CHECK(refused("bundel").hint == "did you mean bundle?");
  fs::current_path(before);
}

TEST_CASE("A relative path stays as it was given where this process's folder is gone") {
  const fs::path before = fs::current_path();
  {
    const Workshop shop;
    fs::current_path(shop.folder());
    CHECK(absolute_path("x") == shop.folder() / "x");
  }
  CHECK(absolute_path("x") == fs::path("x"));
  CHECK(absolute_path("/x") == fs::path("/x"));
  fs::current_path(before);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
