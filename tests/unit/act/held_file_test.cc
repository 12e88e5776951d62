// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/held_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "support/command.h"
#include "support/failure.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using act::HeldFile;

struct Held {
  LogScene scene{3};
  site::Site site{.folder = scene.shop().folder().native(), .log_key = scene.ed25519()};
  fs::path path{fs::path(site.folder) / "under-way" / "one"};
};

TEST_CASE("One process holds a file, and another one when that has let it go") {
  const Held at;
  CHECK_FALSE(HeldFile::is_held(at.site, "one"));
  auto held = HeldFile::take(at.site, "one");
  REQUIRE(held);
  CHECK(HeldFile::is_held(at.site, "one"));
  CHECK_FALSE(HeldFile::take(at.site, "one"));
  CHECK(HeldFile::take(at.site, "two"));
  auto moved = std::move(*held);
  held.reset();
  CHECK(HeldFile::is_held(at.site, "one"));
  moved = HeldFile::take(at.site, "three").value();
  CHECK_FALSE(HeldFile::is_held(at.site, "one"));
  CHECK_FALSE(fs::exists(at.path));
}

TEST_CASE("What a process left that was killed is removed by whoever looks") {
  const Held at;
  at.scene.shop().must("mkdir -p under-way; touch under-way/one");
  CHECK_FALSE(HeldFile::is_held(at.site, "one"));
  CHECK_FALSE(fs::exists(at.path));
  at.scene.shop().must("touch under-way/one");
  CHECK(HeldFile::take(at.site, "one"));
}

TEST_CASE("The lock of a file that has lost its name holds nothing, and removes no other's name") {
  const Held at;
  auto first = HeldFile::take(at.site, "one");
  REQUIRE(first);
  fs::remove(at.path);
  auto second = HeldFile::take(at.site, "one");
  REQUIRE(second);
  first.reset();
  CHECK(fs::exists(at.path));
  CHECK(HeldFile::is_held(at.site, "one"));
  CHECK_FALSE(HeldFile::take(at.site, "one"));
}

// Whoever had the file until now takes its name away when this process has opened it and not locked
// it yet: by another process, at each moment of a thousand tries.
TEST_CASE("A file that another process removes between opening and locking is taken again") {
  const Held at;
  at.scene.shop().must(
      "mkdir -p under-way; touch stop; (while [ -e stop ]; do rm -f under-way/one; done) "
      "> /dev/null 2>&1 & true");
  for (int tries = 0; tries < 1000; ++tries) CHECK(HeldFile::take(at.site, "one"));
  at.scene.shop().must("rm stop");
}

TEST_CASE("A link in the place of the file, or a folder that takes none, is refused") {
  const Held at;
  at.scene.shop().must("mkdir -p under-way; ln -s ../precious under-way/one; echo a > precious");
  CHECK(failure_of([&] { (void)HeldFile::take(at.site, "one"); }).code == "file-unwritable");
  CHECK_FALSE(HeldFile::is_held(at.site, "one"));
  at.scene.shop().must("test -L under-way/one && test -s precious");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
