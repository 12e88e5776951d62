// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// keyrite status: what a site's files show, what waits, what ends next, and what is an alarm.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "cli/document_shape.h"
#include "cli/site_scene.h"
#include "cli/stocked_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// What a person reads at a site.
ProgramRun status_shown(const SiteRoom& scene, const Words& words = {}) {
  return run_program(Words{tool_path("status"), "--site", scene.site()} + words);
}

Json status_result(const SiteRoom& scene, int exit_code, const Words& words = {}) {
  const auto run = scene.run("status", words);
  CAPTURE(run.err);
  CHECK(run.exit_code == exit_code);
  return parse_json(as_bytes(run.out), "output")["result"];
}

bool says(const ProgramRun& run, const std::string& text) {
  return (run.err + run.out).find(text) != std::string::npos;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST_CASE("A new site needs nothing, and its status asks for no PIN") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
  // Whoever asks for a PIN now fails.
  scene.room().shop.must("sed -i '/^pin_file/d' site/site.toml");
  const Json found = status_result(scene, 0);
  CHECK(document_shape(found) == document_shape(documented_example("status-result")["result"]));
  CHECK(found["log"]["unsigned"] == 0);
  CHECK(found["log"]["signed"] == scene.entries().size());
  CHECK(found["log"]["last_time"] == scene.entries().back()["time"]);
  CHECK(found["log"]["compared"] == true);
  CHECK(found["token"]["seen"] == true);
  CHECK(found["token"]["logged_in"] == false);
  CHECK(found["token"]["keys"] == nullptr);
  const auto shown = status_shown(scene);
  CHECK(shown.exit_code == 0);
  CHECK(says(shown, "nothing needs attention"));
  CHECK(says(shown, "which keys the token holds: that needs --login"));
}

TEST_CASE("With a login status counts the keys, and without a token it says what it cannot know") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
  // Of the log and of acme.
  CHECK(status_result(scene, 0, {"--login"})["token"]["keys"] == 2);
  scene.room().shop.must("sed -i 's/serial=[^;\"]*/serial=0000/' site/site.toml");
  const Json found = status_result(scene, 0);
  CHECK(found["token"]["seen"] == false);
  CHECK(found["cannot_know"][0].get<std::string>().find("no token matches") != std::string::npos);
  CHECK(found["log"]["unsigned"] == 0);
}

// A wrap of acme that waits for two officers.
void let_wrap_wait(const SiteRoom& scene) {
  (void)scene.must("generate-kek",
                   {"--type", "aes-256", "--label", "acme", "--for", "aws", "--wrap-with-trusted"});
  scene.refused(scene.run("wrap-for-import", scene.trusting_wrap("acme", "bundle")), 7,
                "approval-needed");
}

TEST_CASE("Statements that wait, and what nobody signed, are exit code 7") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  let_wrap_wait(scene);
  Json found = status_result(scene, 7);
  REQUIRE(found["approvals"].size() == 1);
  CHECK(found["approvals"][0]["operation"] == "wrap-for-import with trust-wrapping-key");
  CHECK(found["approvals"][0]["key"] == "acme");
  CHECK(found["approvals"][0]["statement"] == scene.statement());
  CHECK(found["approvals"][0]["by"].empty());
  const auto signature = scene.sign("alice", scene.statement());
  scene.room().shop.must("cp '" + signature + "' \"$(dirname '" + scene.statement() + "')/\"");
  found = status_result(scene, 7);
  CHECK(found["approvals"][0]["by"] == Json{"alice@example.org"});
  const auto shown = status_shown(scene);
  CHECK(says(shown, "something waits for you"));
  CHECK(says(shown, "approved by alice@example.org"));
  // A command to copy stays whole.
  const std::string text = shown.err + shown.out;
  CHECK(fits_terminal(text.substr(0, text.find("  keyrite approve show"))));
}

TEST_CASE("What cannot be read is told, and is never exit code 0") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  let_wrap_wait(scene);
  const std::string statement = scene.statement();
  const std::string folder = "\"$(dirname '" + statement + "')\"";
  const auto& shop = scene.room().shop;
  // A signature that nobody can read may be one that counts.
  shop.must("truncate -s 2M " + folder + "/alice.sig");
  Json found = status_result(scene, 7);
  REQUIRE(found["unread"].size() == 1);
  CHECK(found["unread"][0]["file"].get<std::string>().ends_with("/alice.sig"));
  CHECK(found["approvals"].size() == 1);
  const auto shown = run_program({tool_path("approve"), "show", statement});
  CHECK(shown.exit_code == 0);
  CHECK(says(shown, "NOT READ: "));
  CHECK(says(shown, "Whoever signed there is missing among those who approved"));
  CHECK(says(shown, "Nobody has approved it yet, as far as it can be read"));
  // A statement too: nothing else waits here.
  shop.must("rm " + folder + "/alice.sig && mv " + folder + "/statement.json kept && mkdir " +
            folder + "/statement.json");
  found = status_result(scene, 7);
  CHECK(found["approvals"].empty());
  REQUIRE(found["unread"].size() == 1);
  CHECK(found["unread"][0]["file"] == std::filesystem::path(statement).parent_path().native());
  CHECK(says(status_shown(scene), "NOT everything was read: something may wait for you"));
  // Nor is another statement taken for the one that its folder names.
  shop.must("rmdir " + folder +
            "/statement.json && sed 's/acme/acmf/;s/\"kek_version\": */&1/' "
            "kept > " +
            folder + "/statement.json");
  found = status_result(scene, 7);
  CHECK(found["approvals"].empty());
  CHECK(found["unread"].size() == 1);
  // The name of its key is shown only from a names.json that the statement names.
  shop.must("cp kept " + folder + "/statement.json && sed -i 's/acme/harmless/' " + folder +
            "/names.json");
  found = status_result(scene, 7);
  CHECK(found["approvals"].empty());
  CHECK(found["unread"].size() == 1);
  CHECK_FALSE(says(status_shown(scene), "harmless"));
}

TEST_CASE("An act on files is unsigned until resume signs it") {
  const StockedSite site;
  if (!site.ready()) return;
  const Json found = status_result(site.scene, 7);
  CHECK(found["log"]["unsigned"] != 0);
  CHECK(found["open"].empty());
  CHECK(says(status_shown(site.scene), "keyrite resume signs them"));
  (void)site.scene.must("resume", {});
  CHECK(status_result(site.scene, 0)["log"]["unsigned"] == 0);
}

TEST_CASE("A log that does not verify is an alarm, and so is one that was set back") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must("cp -r site/transcript before");
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
  shop.must("cp -r site/transcript after && rm -r site/transcript && cp -r before site/transcript");
  Json found = status_result(scene, 6);
  CHECK(found["alarms"][0]["code"] == "log-shrunk");
  CHECK(found["log"] == nullptr);
  CHECK(says(status_shown(scene), "ALARM"));
  shop.must("rm -r site/transcript && cp -r after site/transcript");
  CHECK(status_result(scene, 0)["alarms"].empty());
  shop.must("sed -i '2s/generate-kek/generate-kex/' site/transcript/log.jsonl");
  found = status_result(scene, 6);
  const Json& code = found["alarms"][0]["code"];
  CHECK((code == "log-changed" || code == "entry-history-wrong"));
}

TEST_CASE("What is due is shown, the overdue first, and it is all on one screen") {
  const StockedSite site;
  if (!site.ready()) return;
  for (int i = 0; i < 20; ++i) {
    (void)site.scene.must(
        "key",
        Words{"add", "key-" + std::to_string(i), "--tenant", "Acme", "--type", "aes-256"} + kOlga);
  }
  (void)site.scene.must("resume", {});
  Json found = status_result(site.scene, 0, {"--within", "100"});
  const Json due = site.must({"due", "--within", "100"})["due"];
  REQUIRE(due.size() >= 21);
  REQUIRE(found["next"].size() == due.size());
  for (std::size_t i = 0; i < due.size(); ++i) {
    CHECK(found["next"][i]["what"] == due[i]["what"]);
    CHECK(found["next"][i]["overdue"] == false);
  }
  const auto shown = status_shown(site.scene, {"--within", "100"});
  CAPTURE(shown.err);
  CHECK(says(shown, "more: keyrite inventory due"));
  CHECK(lines_of(shown.err + shown.out) <= 24);
  CHECK(fits_terminal(shown.err));
  site.scene.refused(site.scene.run("status", {"--within", "4000"}), 2, "within-too-long");
}

TEST_CASE("Without a site there is no status") {
  const auto run = run_program({tool_path("status"), "--token", "pkcs11:token=none", "--json"});
  CHECK(run.exit_code == 2);
  CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == "site-not-given");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
