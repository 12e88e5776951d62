// A dry run that did what it should only show: it made a trusted object as security officer, with
// nobody's approval and no entry in the log.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "cli/site_room.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Every file of the site, and the token's objects.
std::string state_of(const SiteRoom& scene) {
  const auto& shop = scene.room().shop;
  return as_text(shop.must("find site -type f -exec sha256sum {} + | sort; find '" +
                           scene.room().token->folder.folder().native() +
                           "' -name '*.object' | sort"));
}

Json planned(const SiteRoom& scene, const std::string& tool, const Words& words) {
  const auto before = state_of(scene);
  // Whoever asks for the officer's PIN ends here.
  const auto run = scene.run(tool, words + Words{"--dry-run"},
                             {.environment = {{"HOME", scene.room().path("")}}});
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(state_of(scene) == before);
  return parse_json(as_bytes(run.out), "output")["plan"];
}

TEST_CASE("A dry run of a trusting wrap asks no officer, and says whom the real one needs") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek",
                   {"--type", "aes-256", "--label", "acme", "--for", "aws", "--wrap-with-trusted"});
  const Json plan = planned(scene, "wrap-for-import",
                            scene.trusting_wrap("acme", "bundle") +
                                Words{"--so-pin-file", scene.room().path("no-such-file")});
  CHECK(plan["needs"] ==
        Json{{"approvals",
              {{{"role", "security-officer"},
                {"people", 2},
                {"who", {"alice@example.org", "bob@example.org", "carol@example.org"}}}}},
             {"pins", {"user", "security officer"}},
             {"logged", true}});
  CHECK(plan["bundles"][0]["why_not_provable"].get<std::string>().find("verification bundle") !=
        std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scene.room().path("bundle")));
}

TEST_CASE("No dry run leaves anything in token or site") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
  const Words wrap = scene.room().wrap_for_aws("good.json", "acme", "bundle");
  CHECK(planned(scene, "wrap-for-import", {wrap.begin() + 1, wrap.end()})["needs"]["approvals"]
            .empty());
  CHECK(planned(scene, "generate-kek",
                {"--type", "aes-256", "--label", "next"})["needs"]["logged"] == true);
  const auto before = state_of(scene);
  const auto made = run_program(Words{tool_path("init-site"), scene.room().path("other"),
                                      "--origin", "keyrite.example/other", "--last-signed",
                                      scene.room().path("apart"), "--dry-run", "--json"} +
                                scene.room().at_token());
  CAPTURE(made.err);
  CHECK(made.exit_code == 0);
  const Json needs = parse_json(as_bytes(made.out), "output")["plan"]["needs"];
  CHECK(needs["approvals"].empty());
  CHECK(needs["pins"] == Json{"user"});
  CHECK(needs["logged"] == true);
  CHECK(state_of(scene) == before);
  CHECK_FALSE(std::filesystem::exists(scene.room().path("other")));
}

// A tool that learns it belongs into the test above.
TEST_CASE("These tools have a dry run, and no others") {
  std::set<std::string> with;
  for (const char* tool : {"approve", "generate-kek", "init-site", "resume", "token-check",
                           "transcript", "verify-import", "wrap-for-import"}) {
    const auto names = run_program({tool_path(tool), "--help-man-names"});
    REQUIRE(names.exit_code == 0);
    std::vector<Words> pages{{}};
    std::istringstream lines(names.out);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream parts(line);
      parts.ignore(static_cast<std::streamsize>(line.size()), ' ');
      Words command;
      for (std::string word; parts >> word;) command.push_back(word);
      pages.push_back(command);
    }
    for (const auto& command : pages) {
      const auto page = run_program(Words{tool_path(tool)} + command + Words{"--help-man"});
      REQUIRE(page.exit_code == 0);
      if (page.out.find("show the plan and stop") != std::string::npos) with.insert(tool);
    }
  }
  CHECK(with == std::set<std::string>{"generate-kek", "init-site", "wrap-for-import"});
}

TEST_CASE("token-check --trusted is what policy asks two officers for") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.refused(scene.run("token-check", {"--trusted"}), 7, "approval-needed");
  const Json statement = read_json_file(scene.statement());
  CHECK(statement["operation"] == "token-check with trust-wrapping-key");
  CHECK(statement["threshold"] == Json{{"security-officer", 2}});
  const Words one{"--trusted", "--approval", scene.sign("alice", scene.statement())};
  scene.refused(scene.run("token-check", one), 7, "approval-incomplete");
  const Json report = scene.must("token-check", one + Words{scene.sign("bob", scene.statement())});
  const Json& last = report["rows"].back();
  CHECK(last["what"] == "CKA_TRUSTED by the officer");
  CHECK(last["outcome"] == "works");
  const Json intent = scene.entries().at(scene.entries().size() - 2);
  CHECK(intent["also"] == Json{"trust-wrapping-key"});
  CHECK(intent["approval"]["by"].size() == 2);
  // Outside of a site there is no policy.
  const auto outside = run_program(Words{tool_path("token-check"), "--trusted", "--so-pin-file",
                                         scene.room().path("so-pin"), "--json"} +
                                   scene.room().at_token());
  CHECK(outside.exit_code == 0);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
