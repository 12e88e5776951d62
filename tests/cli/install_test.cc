#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>

#include "support/command.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using test::run_program;

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

TEST_CASE("An installed keyrite is one program in bin, and starts its tools from there") {
  const test::Workshop shop;
  const fs::path prefix = shop.folder() / "a prefix";
  const auto install =
      run_program({KEYRITE_CMAKE, "--install", KEYRITE_BUILD_DIR, "--prefix", prefix.string()});
  INFO(install.err);
  REQUIRE(install.exit_code == 0);
  CHECK(names_in(prefix / "bin") == std::set<std::string>{"keyrite"});
  CHECK(names_in(prefix / "libexec") == std::set<std::string>{"keyrite"});

  const std::set<std::string> tools = names_in(prefix / "libexec" / "keyrite");
  const std::set<std::string> pages = names_in(prefix / "share" / "man" / "man1");
  CHECK(pages.contains("keyrite.1"));
  CHECK(tools.contains("generate-kek"));
  const std::string keyrite = (prefix / "bin" / "keyrite").string();
  for (const auto& tool : tools) {
    CAPTURE(tool);
    const auto help = run_program({keyrite, tool, "--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.out.find("Usage:  keyrite " + tool) == 0);
    CHECK(run_program({keyrite, "help", tool}).out == help.out);
    CHECK(pages.contains("keyrite-" + tool + ".1"));
  }
}

TEST_CASE("Nothing named shred or rotate lands in a bin folder") {
  const test::Workshop shop;
  const auto install =
      run_program({KEYRITE_CMAKE, "--install", KEYRITE_BUILD_DIR, "--prefix", "/usr"},
                  {.environment = {{"DESTDIR", shop.folder().string()}}});
  REQUIRE(install.exit_code == 0);
  CHECK(fs::exists(shop.folder() / "usr/bin/keyrite"));
  for (const auto& entry : fs::recursive_directory_iterator(shop.folder())) {
    const std::string name = entry.path().filename();
    if (name != "shred" && name != "rotate") continue;
    const std::string folder = entry.path().parent_path().filename();
    CHECK(folder != "bin");
    CHECK(folder != "sbin");
  }
}

TEST_CASE("A tool that is missing beside the dispatcher is said by its path") {
  const test::Workshop shop;
  const fs::path copy = shop.folder() / "bin";
  fs::create_directory(copy);
  fs::copy_file(KEYRITE_DISPATCHER, copy / "keyrite");
  const auto run = run_program({(copy / "keyrite").string(), "generate-kek"});
  CHECK(run.exit_code == 3);
  CHECK(run.err.find((shop.folder() / "libexec/keyrite/generate-kek").string()) !=
        std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
