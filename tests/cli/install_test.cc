#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

// What is in a folder, with the folders in it.
std::set<std::string> all_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.insert(entry.path().lexically_relative(folder));
  return names;
}

// An installation under DESTDIR, with a manifest of its own: other tests install from the same
// build folder meanwhile.
struct Installed {
  explicit Installed(std::string where) : prefix(std::move(where)) {
    const auto done =
        cmake({"--install", KEYRITE_BUILD_DIR, "--prefix", prefix, "--component", "Unspecified"});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    shop.must("cp " KEYRITE_BUILD_DIR "/install_manifest_Unspecified.txt manifest.txt");
  }
  [[nodiscard]] test::ProgramRun cmake(std::vector<std::string> words) const {
    words.insert(words.begin(), KEYRITE_CMAKE);
    return run_program(words, {.environment = {{"DESTDIR", root.string()}}});
  }
  [[nodiscard]] test::ProgramRun uninstall() const {
    return cmake({"-DMANIFEST=" + (shop.folder() / "manifest.txt").string(), "-P",
                  KEYRITE_SOURCE_DIR "/scripts/cmake/uninstall.cmake"});
  }

  std::string prefix;
  test::Workshop shop{};
  fs::path root{shop.folder() / "the root"};
};

TEST_CASE("After uninstall nothing of keyrite is left, and nothing of others is touched") {
  const Installed installed("/opt/a keyrite");
  const fs::path prefix = installed.root / "opt/a keyrite";
  CHECK(fs::exists(prefix / "share/doc/keyrite/docs/guide/auditor.md"));
  CHECK(fs::exists(prefix / "share/doc/keyrite/examples/ceremonies/aws-symmetric.toml"));
  CHECK((fs::status(prefix / "share/doc/keyrite/examples/ci/run-imports").permissions() &
         fs::perms::owner_exec) != fs::perms::none);
  SUBCASE("all of it goes") {
    const auto done = installed.uninstall();
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    CHECK(all_in(installed.root) == std::set<std::string>{"opt", "opt/a keyrite"});
    // A second time there is nothing to remove, and that is said.
    const auto again = installed.uninstall();
    CHECK(again.exit_code == 1);
    CHECK(again.err.find("it is removed already") != std::string::npos);
  }
  SUBCASE("a file of somebody else stays, and so does its folder") {
    installed.shop.must("echo mine > 'the root/opt/a keyrite/share/doc/keyrite/notes'");
    installed.shop.must("rm 'the root/opt/a keyrite/bin/keyrite'");
    REQUIRE(installed.uninstall().exit_code == 0);
    CHECK(all_in(prefix) == std::set<std::string>{"share", "share/doc", "share/doc/keyrite",
                                                  "share/doc/keyrite/notes"});
  }
}

TEST_CASE("Of a prefix that others share uninstall leaves the folders") {
  const Installed installed("/usr");
  const auto done = installed.uninstall();
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  for (const auto& name : all_in(installed.root)) {
    CAPTURE(name);
    CHECK(fs::is_directory(installed.root / name));
    CHECK(name.find("keyrite") == std::string::npos);
  }
  CHECK(fs::exists(installed.root / "usr/share/man/man1"));
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
