// A file that grows.
#include "base/growing_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A growing file is new, has what was appended, and is gone when that is nothing") {
  const Workshop shop;
  const auto path = shop.folder() / "grown";
  { const auto empty = GrowingFile::make(path); }
  CHECK(!std::filesystem::exists(path));
  {
    auto file = GrowingFile::make(path);
    file.append(as_bytes(std::string_view("one\n")));
    file.append(as_bytes(std::string_view("two\n")));
  }
  CHECK(as_text(shop.must("cat grown && stat -c %a grown")) == "one\ntwo\n600\n");
  CHECK(failure_of([&] { (void)GrowingFile::make(path); }).code == "output-exists");
  CHECK(failure_of([&] { (void)GrowingFile::make(shop.folder() / "no" / "x"); }).code ==
        "file-unwritable");
}

TEST_CASE("Only a pipe takes what must not be shown") {
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  CHECK(failure_of([&] { (void)GrowingFile::pipe(null, "standard output"); }).code == "not-a-pipe");
  ::close(null);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  auto out = GrowingFile::pipe(ends[1], "standard output");
  out.append(as_bytes(std::string_view("x")));
  char got = 0;
  CHECK(::read(ends[0], &got, 1) == 1);
  CHECK(got == 'x');
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
