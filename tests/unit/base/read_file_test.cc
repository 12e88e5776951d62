#include <doctest/doctest.h>
#include <sys/stat.h>

#include <limits>

#include "base/file.h"
#include "support/command.h"
#include "unit/base/file_scene.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Refusal refusal(const std::filesystem::path& path, std::size_t limit = kMaxInputFile) {
  return refusal_of([&] { static_cast<void>(read_file(path, limit)); });
}

TEST_CASE("A file is read whole: bytes of every value and the empty file") {
  const Workshop shop;
  shop.must("openssl rand 300000 > random; : > empty");
  CHECK(read_file(shop.folder() / "random") == shop.get("random"));
  CHECK(read_file(shop.folder() / "empty").empty());
}

TEST_CASE("A file is read up to its limit and not one byte beyond") {
  const Workshop shop;
  const auto path = shop.put("file", Bytes(1000, 7));
  CHECK(read_file(path, 1000).size() == 1000);
  CHECK(read_file(path, std::numeric_limits<std::size_t>::max()).size() == 1000);
  CHECK(refusal(path, 999) == config("file-too-large"));
  CHECK(refusal(path, 0) == config("file-too-large"));
  CHECK(read_file(shop.put("empty", {}), 0).empty());
  shop.must("truncate -s 1048576 most; truncate -s 1048577 more");
  CHECK(kMaxInputFile == 1048576);
  CHECK(read_file(shop.folder() / "most").size() == kMaxInputFile);
  CHECK(refusal(shop.folder() / "more") == config("file-too-large"));
}

TEST_CASE("Files whose size the system does not tell are read to the end and to the limit") {
  // Files of /proc have size 0 for stat(2).
  const Workshop shop;
  CHECK(read_file("/proc/version") == shop.must("cat /proc/version"));
  CHECK(refusal("/proc/version", 10) == config("file-too-large"));
}

TEST_CASE("A file that is absent or beneath a file is unreadable and the reason is told") {
  const Workshop shop;
  const auto file = shop.put("file", {});
  CHECK(refusal(shop.folder() / "absent") == config("file-unreadable"));
  CHECK(refusal(shop.folder() / "absent").message.find("No such file or directory") !=
        std::string::npos);
  CHECK(refusal(file / "below") == config("file-unreadable"));
  CHECK(refusal("") == config("file-unreadable"));
  CHECK(refusal(shop.folder() / "a\x1b").message.find("a\\x1b") != std::string::npos);
  CHECK_FALSE(refusal(shop.folder() / "absent").hint.empty());
}

TEST_CASE("What is no plain file is refused without waiting for it") {
  const Workshop shop;
  shop.must("mkfifo pipe");
  CHECK(refusal(shop.folder()) == config("not-a-file"));
  CHECK(refusal(shop.folder() / "pipe") == config("not-a-file"));
  CHECK(refusal("/dev/zero") == config("not-a-file"));
}

TEST_CASE("Symbolic links are followed and a link to nothing is unreadable") {
  const Workshop shop;
  shop.put("file", as_bytes("content"));
  shop.must("ln -s file link; ln -s absent dangling; ln -s loop loop");
  CHECK(as_text(read_file(shop.folder() / "link")) == "content");
  CHECK(refusal(shop.folder() / "dangling") == config("file-unreadable"));
  CHECK(refusal(shop.folder() / "loop") == config("file-unreadable"));
}

TEST_CASE("A file without read permission is unreadable") {
  const Workshop shop;
  const auto path = shop.put("secret", as_bytes("content"));
  CHECK(chmod(path.c_str(), 0200) == 0);
  const Unprivileged nobody(shop.folder());
  CHECK(refusal(path) == config("file-unreadable"));
  CHECK(refusal(path).message.find("Permission denied") != std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
