// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Who may destroy a version that waits, and what is compared before it is: with rotate --abandon,
// on a site whose registry somebody changed. What registry and log have is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kAbandon{"--abandon"};

// Version 1 waits for AWS.
struct Waiting : RotatingCloud {
  Waiting() : RotatingCloud("generic-secret-32-bytes", "mac") {
    if (!ready()) return;
    site.serve_at_aws();
    (void)rotate({});
  }
  // It is imported there, proven, and serves.
  void activate() const {
    (void)ask_and_make("asks", "bundles");
    import("bundles");
    CHECK(rotate(in("--answers", "bundles"))["state"] == "done");
  }
  void shell(const std::string& line) const { (void)site.shop().must(line); }
  // As somebody who writes the registry's file does it: no trigger stops him.
  void edit(const std::string& statement) const {
    (void)site.look(
        "kept = db.execute(\"select name, sql from sqlite_schema where type = "
        "'trigger'\").fetchall()\n"
        "for name, sql in kept: db.execute('drop trigger ' + name)\n"
        "db.execute('pragma foreign_keys = off')\n"
        "assert db.execute('" +
        statement + "').rowcount > 0\nfor name, sql in kept: db.execute(sql)\ndb.commit()");
  }
  [[nodiscard]] std::string of_version(const std::string& column) const {
    return site.look("print(*db.execute('SELECT " + column +
                     " FROM version ORDER BY number DESC LIMIT 1').fetchone())");
  }
  // How often the log tells of an object that was destroyed.
  [[nodiscard]] std::string destroyed() const {
    return site.look(
        "print(sum('destroyed' in e.get('facts', {}) for e in map(json.loads, "
        "open('site/transcript/log.jsonl'))))");
  }
};

TEST_CASE("What destroys a version needs the approvals of shred beside those of rotate") {
  const Waiting at;
  if (!at.ready()) return;
  at.shell("printf '\\n[approvals.needed.rotate]\\nsecurity-officer = 1\\n' >> site/site.toml");
  at.site.scene.refused(at.run(kAbandon), 7, "approval-needed");
  const auto statement = at.site.scene.statement();
  at.shell("grep -q '\"rotate with shred\"' " + statement);
  const auto alone = Words{"--approval", at.site.scene.sign("alice", statement)};
  at.site.scene.refused(at.run(kAbandon + alone), 7, "approval-incomplete");
  CHECK(at.states() == "1 pre-activation;");
  const Json done = at.rotate(kAbandon + alone + Words{at.site.scene.sign("bob", statement)});
  CHECK(done["state"] == "given-up");
  CHECK(at.states() == "1 destroyed;");
  CHECK(at.destroyed() == "1");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("Where the policy does not say whom shred needs, nothing is done at the site") {
  const Waiting at;
  if (!at.ready()) return;
  at.shell("sed -i '/needed.shred]/,+1d' site/site.toml");
  at.site.scene.refused(at.run(kAbandon), 3, "policy-line-missing");
  CHECK(at.states() == "1 pre-activation;");
  // By name it may need nobody, and rotate has no line of its own.
  at.shell(
      "sed -i '/^.approvals.needed/,$d' site/site.toml; printf '[approvals.needed]\\n' >> "
      "site/site.toml; for one in shred rotate-compromised trust-wrapping-key; do "
      "echo \"$one = \\\"nobody\\\"\" >> site/site.toml; done");
  CHECK(at.rotate(kAbandon)["state"] == "given-up");
}

TEST_CASE("At a terminal the name of the key is typed before its version is destroyed") {
  const Waiting at;
  if (!at.ready()) return;
  const auto words = at.approved(kAbandon);
  std::string line = "exec " + tool_path("rotate") +
                     " --tenant Acme --key payments --operator olga@example.org --site " +
                     at.site.scene.site();
  for (const auto& word : words) line += " '" + word + "'";
  const auto typed = [&](const std::string& text) {
    const auto run = run_program({"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                                  Json::array({{{"expect", "Nothing brings it back."}},
                                               {{"expect", "Type the name of its key:"}},
                                               {{"send", text + "\n"}}})
                                      .dump(),
                                  "--", "sh", "-c", line});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    return parse_json(as_bytes(run.out), "at_terminal");
  };
  for (const std::string wrong : {"yes", "payment", ""}) {
    const Json seen = typed(wrong);
    CHECK(seen["exit"] == 2);
    CHECK(seen["err"].get<std::string>().find("destruction-not-confirmed") != std::string::npos);
    CHECK(at.states() == "1 pre-activation;");
  }
  CHECK(typed("payments")["exit"] == 0);
  CHECK(at.states() == "1 destroyed;");
}

TEST_CASE(
    "What the registry says of the version that is to be destroyed is compared with the log") {
  const Waiting at;
  if (!at.ready()) return;
  // Another object of the token would be destroyed.
  const auto id = at.of_version("cka_id");
  at.edit("UPDATE version SET cka_id = \"0c0c\"");
  at.site.scene.refused(at.run(kAbandon), 6, "version-differs");
  at.edit("UPDATE version SET cka_id = \"" + id + "\"");
  // One that serves is said to wait.
  at.activate();
  at.edit("UPDATE version SET state = \"pre-activation\"");
  const auto run = at.run(kAbandon);
  at.site.scene.refused(run, 6, "version-differs");
  CHECK(run.err.find("has the state pre-activation, and the log active") != std::string::npos);
  CHECK(at.destroyed() == "0");
}

TEST_CASE("A version of which the log has no making is not destroyed") {
  const Waiting at;
  if (!at.ready()) return;
  // As if the run that made it had ended in an outcome that nobody knows.
  at.edit("UPDATE version SET number = 7");
  at.site.scene.refused(at.run(kAbandon), 3, "registry-invalid");
  at.edit("UPDATE state_event SET number = 7 WHERE kind = \"version\"");
  const auto run = at.run(kAbandon);
  at.site.scene.refused(run, 6, "version-differs");
  CHECK(run.err.find("and the log none") != std::string::npos);
  CHECK(at.destroyed() == "0");
}

TEST_CASE("Who approved that version 1 is destroyed did not approve it of version 2") {
  const Waiting at;
  if (!at.ready()) return;
  const auto words = at.approved(kAbandon);
  at.activate();
  (void)at.rotate({"--force"});
  CHECK(at.states() == "1 active; 2 pre-activation;");
  at.site.scene.refused(at.run(words), 6, "statement-other-request");
  CHECK(at.states() == "1 active; 2 pre-activation;");
}

TEST_CASE("A dry run says which version would be destroyed, and what clouds may have of it") {
  const Waiting at;
  if (!at.ready()) return;
  const auto entries = at.site.scene.entries().size();
  const auto says = [&](const Words& words, const std::string& text) {
    const auto run = run_program(Words{tool_path("rotate"), "--tenant", "Acme", "--key", "payments",
                                       "--site", at.site.scene.site()} +
                                 words);
    CAPTURE(run.err);
    CHECK(run.exit_code == 0);
    CHECK(run.err.find(text) != std::string::npos);
  };
  const auto id = at.of_version("cka_id");
  says({"--abandon", "--dry-run"}, "version 1, id " + id + ", is to be destroyed in the token");
  CHECK(at.states() == "1 pre-activation;");
  const auto run = at.run({"--abandon", "--dry-run"});
  CHECK(parse_json(as_bytes(run.out), "output")["plan"]["keys"][0]["state"] == "to-do");
  CHECK(at.site.scene.entries().size() == entries);
  (void)at.rotate(at.approved(kAbandon));
  says({"--abandon", "--dry-run"},
       "no version waits; by the registry no cloud has one that was given up");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
