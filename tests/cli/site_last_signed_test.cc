// Where the last signed checkpoint is kept, and what becomes of a site whose one is lost.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

Words key_named(const std::string& label) { return {"--type", "aes-256", "--label", label}; }

// init-site of "other" with nothing in the environment that names a place, but what is given.
ProgramRun make_other(const SiteRoom& scene, const std::string& variables, const Words& more = {}) {
  std::string words;
  for (const auto& word :
       Words{tool_path("init-site"), scene.room().path("other"), "--origin",
             "keyrite.example/other", "--site-pin-file", scene.room().path("pin"), "--json"} +
           more + scene.room().at_token())
    words += " '" + word + "'";
  return run_program(
      {"sh", "-c", "unset STATE_DIRECTORY XDG_STATE_HOME HOME; " + variables + " exec" + words});
}

std::string place_of(const ProgramRun& made) {
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  return parse_json(as_bytes(made.out), "output")["result"]["last_signed"].get<std::string>();
}

TEST_CASE("The last signed checkpoint goes where the environment says, and is the same one") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const std::string here = shop.folder().native();
  shop.must("mkdir service home state");
  const auto try_place = [&](const std::string& variables, const std::string& folder) {
    const std::string place = place_of(make_other(scene, variables, {"--same-origin"}));
    CHECK(fs::path(place).parent_path() == folder);
    shop.must("cmp '" + place + "' other/transcript/checkpoint");
    CHECK(as_text(shop.must("cat '" + place + ".site'")) == as_text(shop.must("realpath other")));
    CHECK(as_text(shop.must("stat -c %a '" + place + "'")) == "600\n");
    shop.must("grep -F 'last_signed = \"" + place + "\"' other/site.toml && rm -r other");
  };
  const std::string service = "export STATE_DIRECTORY='" + here + "/service:/x';";
  const std::string xdg = "export XDG_STATE_HOME='" + here + "/state';";
  const std::string home = "export HOME='" + here + "/home';";
  try_place(service + xdg + home, here + "/service");
  if (!fs::exists("/var/lib/keyrite")) {
    try_place(xdg + home, here + "/state/keyrite");
    try_place("export XDG_STATE_HOME=relative;" + home, here + "/home/.local/state/keyrite");
  }
  // Each site has a file of its own.
  try_place(service, here + "/service");
  CHECK(as_text(shop.must("ls service | wc -l")) == "4\n");
}

TEST_CASE("A site of which nobody was told has an unknown outcome, and its log tells of it") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const auto run = run_program(
      Words{tool_path("init-site"), scene.room().path("other"), "--origin", "keyrite.example/other",
            "--last-signed", scene.room().path("apart"), "--json"} +
          scene.room().at_token(),
      {.out_path = "/dev/full"});
  CHECK(run.exit_code == 8);
  CHECK(run.err.find("init-site: code: site-made-unreported ") != std::string::npos);
  shop.must("cmp apart other/transcript/checkpoint");
}

TEST_CASE("Where there is no place outside of the site, none is made, unless the site is named") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  if (fs::exists("/var/lib/keyrite")) return;
  const auto& shop = scene.room().shop;
  shop.must("mkdir -m 777 shared");
  scene.refused(make_other(scene, ""), 3, "state-folder-missing");
  scene.refused(make_other(scene, "export HOME='" + scene.room().path("shared") + "';"), 3,
                "state-folder-missing");
  CHECK_FALSE(fs::exists(scene.room().path("other")));
  scene.refused(make_other(scene, "", {"--last-signed", scene.room().path("other/state")}), 2,
                "last-signed-option-in-site");
  scene.refused(make_other(scene, "", {"--last-signed", scene.room().path("pin")}), 2,
                "output-exists");
  CHECK(place_of(make_other(scene, "", {"--last-signed", "in-site"})) ==
        scene.room().path("other/state/last-signed"));
  shop.must("grep -Fx 'last_signed = \"in-site\"' other/site.toml");
  shop.must("cmp other/state/last-signed other/transcript/checkpoint");
}

TEST_CASE("A dry run makes neither a folder nor a file") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const std::string home = scene.room().path("home");
  const auto run = make_other(scene, "export HOME='" + home + "';", {"--dry-run"});
  CHECK(run.exit_code == 0);
  CHECK_FALSE(fs::exists(home));
}

// The size and the root that transcript verify tells.
struct Head {
  std::string size{};
  std::string root{};
  explicit Head(const SiteRoom& scene) {
    const Json told = scene.verify();
    size = std::to_string(told["size"].get<int>());
    root = told["root"].get<std::string>();
  }
};

TEST_CASE(
    "Without its last signed checkpoint a site does nothing until a person says what it was") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  (void)scene.must("generate-kek", key_named("one"));
  const Head head(scene);
  shop.must("rm last-signed");
  scene.refused(scene.run("generate-kek", key_named("two")), 6, "last-signed-missing");
  scene.refused(scene.run("resume", {}), 6, "last-signed-missing");
  CHECK_FALSE(fs::exists(scene.room().path("last-signed")));
  CHECK(scene.entries().size() == 3);
  const Words accept{"--accept-missing-last-signed"};
  scene.refused(scene.run("resume", accept), 2, "last-signed-not-confirmed");
  scene.refused(scene.run("resume", accept + Words{"--signed-size", head.size}), 2,
                "last-signed-not-confirmed");
  scene.refused(scene.run("resume", {"--signed-size", head.size, "--signed-root", head.root}), 2,
                "last-signed-not-confirmed");
  scene.refused(
      scene.run("resume", accept + Words{"--signed-size", "2", "--signed-root", head.root}), 6,
      "last-signed-other");
  scene.refused(scene.run("resume", accept + Words{"--signed-size", head.size, "--signed-root",
                                                   std::string(64, '0')}),
                6, "last-signed-other");
  scene.refused(
      scene.run("resume", accept + Words{"--signed-size", head.size, "--signed-root", "00"}), 2,
      "last-signed-not-confirmed");
  CHECK_FALSE(fs::exists(scene.room().path("last-signed")));
  (void)scene.must("resume",
                   accept + Words{"--signed-size", head.size, "--signed-root", head.root});
  const auto entries = scene.entries();
  REQUIRE(entries.size() == 4);
  CHECK(entries[3]["event"] == "last-signed-accepted");
  CHECK(entries[3]["act"] == "resume");
  CHECK(entries[3]["size"] == 3);
  CHECK(entries[3]["root"] == head.root);
  CHECK(entries[3].contains("operator"));
  shop.must("cmp last-signed site/transcript/checkpoint");
  scene.refused(scene.run("resume", accept), 2, "last-signed-not-missing");
  (void)scene.must("generate-kek", key_named("two"));
  CHECK(scene.verify()["unsigned_entries"] == 0);
  scene.check_with_other_programs();
}

Json at_terminal(const Json& dialogue, const Words& command) {
  const auto run = run_program(
      Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py", dialogue.dump(), "--"} +
      command);
  REQUIRE_MESSAGE(run.exit_code == 0, run.err);
  return parse_json(as_bytes(run.out), "at_terminal");
}

TEST_CASE("At a terminal size and root are typed, and are not shown") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const Head head(scene);
  scene.room().shop.must("rm last-signed");
  const Words resume{tool_path("resume"), "--site", scene.site(), "--json",
                     "--accept-missing-last-signed"};
  const auto typed = [&](const std::string& text) {
    return at_terminal({{{"expect", "(N HEX)?"}}, {{"send", text + "\n"}}}, resume);
  };
  for (const std::string& wrong :
       {std::string("yes"), "2 " + head.root, head.root, std::string()}) {
    const Json refused = typed(wrong);
    CHECK(refused["exit"] == 2);
    CHECK(refused["err"].get<std::string>().find("are not those of the checkpoint") !=
          std::string::npos);
    if (wrong.find(head.root) == std::string::npos)
      CHECK(refused["screen"].get<std::string>().find(head.root) == std::string::npos);
  }
  const Json done = typed(head.size + " " + head.root);
  CAPTURE(done["err"]);
  CHECK(done["exit"] == 0);
  CHECK(scene.entries().back()["event"] == "last-signed-accepted");
}

TEST_CASE("A site that was moved goes on, and says so once") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.room().shop.must("mv site elsewhere");
  const Words words = Words{tool_path("generate-kek"), "--site", scene.room().path("elsewhere")};
  const auto first = run_program(words + key_named("one"));
  CAPTURE(first.err);
  CHECK(first.exit_code == 0);
  CHECK(first.err.find("this site moved from") != std::string::npos);
  const auto second = run_program(words + key_named("two"));
  CHECK(second.exit_code == 0);
  CHECK(second.err.find("this site moved from") == std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
