// Who could change the module's file while a tool loaded it had another one named in the log, and
// in the manifest of a bundle: the SHA-256 was of whatever the path led to afterwards.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/json.h"
#include "cli/site_room.h"
#include "support/program.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A Room whose module is a copy, which changes while it is loaded.
struct SwapRoom : Room {
  SwapRoom() : Room(Inputs::kGood) {
    if (!token) return;
    REQUIRE(::setenv("KEYRITE_TEST_REAL_MODULE", token->module.path.value().c_str(), 1) ==
            0);  // NOLINT(concurrency-mt-unsafe)
    std::filesystem::copy_file(KEYRITE_FAULTY_MODULE, path("module.so"));
    token->module.path = path("module.so");
  }
  [[nodiscard]] ProgramRun make_key(const std::string& swap) const {
    ProgramSettings settings;
    if (!swap.empty())
      settings.environment["KEYRITE_TEST_SWAP"] = "cd '" + shop.folder().native() + "' && " + swap;
    return run_program(Words{tool_path("generate-kek"), "--type", "aes-256", "--label", "k",
                             "--for", "aws", "--json"} +
                           at_token(),
                       settings);
  }
};

TEST_CASE("A module that is exchanged while it is loaded is refused before its first call") {
  const SwapRoom room;
  if (!room.token) return;
  for (const std::string swap : {
           "cp module.so other.so && mv other.so module.so",  // another file, same bytes
           "printf x >> module.so",                           // the same file, longer
           "mv module.so away.so && mv away.so module.so",    // there and back again
           "mv module.so away.so",                            // gone
           "touch -d 2020-01-01 module.so",                   // as if it were old
           "rm module.so && ln -s \"$KEYRITE_TEST_REAL_MODULE\" module.so",
       }) {
    CAPTURE(swap);
    room.shop.must("rm -f module.so && cp '" KEYRITE_FAULTY_MODULE "' module.so");
    const auto run = room.make_key(swap);
    CAPTURE(run.err);
    CHECK(run.exit_code == 6);
    CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == "module-changed");
  }
  // Nothing was made: the label is free, and a module that nobody touches is taken.
  room.shop.must("rm -f module.so && cp '" KEYRITE_FAULTY_MODULE "' module.so");
  const auto run = room.make_key("");
  CAPTURE(run.err);
  CHECK(run.exit_code == 0);
}

TEST_CASE("The log names the module by the SHA-256 of the file that ran") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const std::string said = as_text(scene.room().shop.must(
      "sha256sum '" + scene.room().token->module.path.value() + "' | cut -c 1-64 | tr -d '\\n'"));
  scene.must("generate-kek", {"--type", "aes-256", "--label", "k"});
  const auto entries = scene.entries();
  CHECK(entries.front()["module"]["sha256"] == said);
  CHECK(entries[entries.size() - 2]["module"]["sha256"] == said);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
