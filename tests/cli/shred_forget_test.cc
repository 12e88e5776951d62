// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred --forget: when a tenant's names may leave the site, that they do, and what goes on to work
// without them.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_schema.h"
#include "cli/document_shape.h"
#include "cli/rotating_cloud.h"
#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Leaving {
  ShredSite site;
  Words forgets{"--tenant", "Acme", "--reason", "Acme asked for it", "--forget"};

  [[nodiscard]] bool ready() const { return site.ready(); }
  [[nodiscard]] Words to(const std::string& copy) const {
    return forgets + Words{"--copy", site.path(copy)};
  }
  void offboard() const {
    (void)site.must("tenant", {"offboard", "Acme", "--reason", "Acme leaves"});
  }
  void leave() const {
    (void)site.shred(site.approved(site.left));
    offboard();
  }
  [[nodiscard]] std::string id() const {
    return site.look(
        "print(*db.execute('SELECT pseudonym FROM pseudonym WHERE name = \"Acme\"').fetchone(), "
        "end='')");
  }
};

TEST_CASE("The names of a shredded tenant leave every file of the site, by two officers") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  const auto id = at.id();
  CHECK(at.site.shop().naming("Acme", "site").find("site/registry.sqlite") != std::string::npos);
  CHECK(at.site.shop().naming("Acme", "site").find("names.json") != std::string::npos);
  CHECK(at.site.shop().naming("Acme", "site").find("site/texts/") != std::string::npos);
  const Json done = at.site.shred(at.site.approved(at.to("kept")));
  CHECK(document_shape(done) ==
        document_shape(documented_example("shred-forget-result")["result"]));
  CHECK(done["state"] == "forgotten");
  CHECK(done["tenant"] == id);
  CHECK(at.site.shop().naming("Acme", "site") == "");
  CHECK(schema_objection("forgotten", parse_json(at.site.shop().get("kept/forgotten.json"),
                                                 "forgotten.json")) == "");
  // The controller's copy, by its SHA-256 in the log, has them all.
  CHECK(at.site.look(R"py(
import hashlib
content = open('kept/forgotten.json', 'rb').read()
copy, told = json.loads(content), results('shred-forget')[0]
print(hashlib.sha256(content).hexdigest() == told['copy_sha256'], copy['registry']['tenant']['name'],
      copy['registry']['tenant']['owner'], copy['registry']['keys'][0]['name'],
      copy['registry']['pseudonyms'][told['tenant']], len(copy['texts']) >= 2, len(copy['approvals']) >= 2)
)py") == "True Acme Ada payments Acme True True\n");
  // Everything goes on, with the id.
  CHECK(at.site.opens("Beta", "Beta.deks"));
  (void)at.site.must("inventory", {"list"});
  (void)at.site.must("inventory", {"reconcile"});
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
  at.site.scene.check_with_other_programs();
  const auto exported =
      run_program({tool_path("transcript"), "export", at.site.scene.site(), "--vkey",
                   at.site.scene.vkey(), "--out", at.site.path("export")});
  CAPTURE(exported.err);
  CHECK(exported.exit_code == 0);
  CHECK(at.site.shop().naming("Acme", "export") == "");
  const auto certificate =
      at.site.run({"certificate", "--tenant", id, "--out", at.site.path("later")});
  CHECK(certificate.exit_code == 0);
  CHECK(at.site.shop().naming("Acme", "later/certificate.json later/certificate.html") == "");
}

TEST_CASE("Who forgets twice is told that it is done, by name and copy or by id") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  const auto id = at.id();
  (void)at.site.shred(at.site.approved(at.to("kept")));
  const auto entries = at.site.scene.entries().size();
  CHECK(at.site.shred(at.to("kept"))["state"] == "forgotten");
  CHECK(at.site.shred({"--tenant", id, "--reason", "again", "--forget", "--copy",
                       at.site.path("other")})["state"] == "forgotten");
  at.site.refused(at.to("other"), 2, "tenant-unknown");
  at.site.shop().must("test ! -e other");
  CHECK(at.site.scene.entries().size() == entries);
  CHECK(at.site.shop().naming("Acme", "site") == "");
}

TEST_CASE("A tenant that is not gone is not forgotten") {
  const Leaving at;
  if (!at.ready()) return;
  at.site.refused(at.to("kept"), 1, "tenant-not-offboarding");
  at.offboard();
  at.site.refused(at.to("kept"), 1, "key-not-destroyed");
  (void)at.site.shred(at.site.approved(at.site.left));
  (void)at.site.must("tenant", {"hold", "Acme", "--reason", "a lawsuit", "--authority", "court"});
  at.site.refused(at.to("kept"), 1, "legal-hold");
  (void)at.site.must("tenant", {"release", "Acme", "--reason", "it is over"});
  at.site.refused(at.forgets + Words{"--copy", at.site.path("site/kept")}, 2, "copy-in-site");
  at.site.refused(at.forgets, 2, "shred-what");
  at.site.refused(at.to("kept") + Words{"--key", "payments"}, 2, "shred-what");
  at.site.refused(at.site.left + Words{"--copy", at.site.path("kept")}, 2, "shred-what");
  at.site.refused(at.to("kept") + Words{"--waive", "0a"}, 2, "shred-what");
  const auto dry = at.site.run(at.to("kept") + Words{"--dry-run"});
  CHECK(dry.exit_code == 0);
  CHECK(dry.err.find("exports of the log with names") != std::string::npos);
  at.site.shop().must("test ! -e kept");
  CHECK(at.site.look("print(*db.execute('SELECT count(*) FROM pseudonym WHERE name = "
                     "\"Acme\"').fetchone())") == "1\n");
}

TEST_CASE("A registry from before is brought to have forgotten the tenant again") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  (void)at.site.must("inventory", {"backup", at.site.path("before.sqlite")});
  (void)at.site.shred(at.site.approved(at.to("kept")));
  (void)at.site.must("inventory", {"restore", at.site.path("before.sqlite")});
  CHECK(at.site.shop().naming("Acme", "site") == "site/registry.sqlite");
  at.site.scene.refused(at.site.scene.run("inventory", {"list"}), 8, "registry-behind");
  const auto resumed = at.site.scene.run("resume", at.site.operator_words);
  CAPTURE(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(at.site.shop().naming("Acme", "site") == "");
  CHECK(at.site.shred(at.to("kept"))["state"] == "forgotten");
}

TEST_CASE("A name that is a part of other names goes, and theirs stay") {
  const Leaving at;
  if (!at.ready()) return;
  (void)at.site.must("tenant", {"add", "Acme Labs", "--owner", "Grace"});
  (void)at.site.must("tenant", {"add", "Acmeist"});
  at.leave();
  const Json done = at.site.shred(at.site.approved(at.to("kept")));
  CHECK(done["searched"]["columns_with_the_bytes"] == Json::array({"pseudonym.name"}));
  CHECK(at.site.look("print(*db.execute('SELECT name FROM pseudonym WHERE name LIKE \"%acme%\" "
                     "ORDER BY name'))") == "('Acme Labs',) ('Acmeist',)\n");
  CHECK(at.site.shop().naming("Acme", "site") == "site/registry.sqlite");
  (void)at.site.must("tenant", {"show", "Acme Labs"});
}

TEST_CASE("A run that ended before it searched needs the copy, since only that has the name") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  const auto id = at.id();
  const Words by_id{"--tenant", id, "--reason", "again", "--forget", "--copy"};
  // Policy stops the second act, after the first one is done.
  at.site.shop().must(
      "cp site/site.toml kept.toml && "
      "printf '\n[approvals.needed.shred-names]\nsecurity-officer = 1\n' >> site/site.toml");
  const auto stopped = at.site.run(at.site.approved(at.to("kept")));
  CHECK(stopped.exit_code != 0);
  CHECK(at.site.look("print(len(results('shred-forget')), len(results('shred-names')))") ==
        "1 0\n");
  at.site.shop().must("cp kept.toml site/site.toml");
  at.site.refused(by_id + Words{at.site.path("none")}, 1, "forget-unfinished");
  at.site.shop().must(
      "mkdir other && sed 's/payments/paymentz/' kept/forgotten.json > other/forgotten.json");
  at.site.refused(by_id + Words{at.site.path("other")}, 6, "name-copy-other");
  CHECK(at.site.shop().naming("Acme", "site") != "");
  CHECK(at.site.shred(by_id + Words{at.site.path("kept")})["state"] == "forgotten");
  CHECK(at.site.shop().naming("Acme", "site") == "");
}

TEST_CASE("Another file is not the copy of the names") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  (void)at.site.shred(at.site.approved(at.to("kept")));
  at.site.shop().must("sed -i 's/payments/paymentz/' kept/forgotten.json");
  at.site.refused(at.to("kept"), 2, "tenant-unknown");
}

TEST_CASE(
    "A name that is in the registry's file and in no row of it is told, and nothing is over") {
  const Leaving at;
  if (!at.ready()) return;
  at.leave();
  const auto id = at.id();
  // Two texts that stand side by side in a row.
  (void)at.site.must("tenant", {"change", "Beta", "--owner", "Ac", "--contact", "me"});
  const auto words = at.site.approved(at.to("kept"));
  at.site.refused(words, 1, "name-left");
  CHECK(at.site.look("print(len(results('shred-names')))") == "0\n");
  (void)at.site.must("tenant", {"change", "Beta", "--owner", "Ada", "--contact", "you"});
  CHECK(at.site.shred({"--tenant", id, "--reason", "again", "--forget", "--copy",
                       at.site.path("kept")})["state"] == "forgotten");
  CHECK(at.site.shop().naming("Acme", "site") == "");
}

// What was waived is pending in a certificate, which says who gave it up.
void check_interim(const RotatingCloud& at) {
  const auto issued = at.site.scene.run(
      "shred", Words{"certificate", "--tenant", "Acme", "--out", at.site.path("interim")} +
                   Words{"--operator", "olga@example.org"});
  CHECK(issued.exit_code == 7);
  const auto checked = run_program(
      {tool_path("verify-certificate"), at.site.path("interim/certificate.json"), "--vkey",
       at.site.path("site/vkeys"), "--page", at.site.path("interim/certificate.html")});
  CHECK(checked.exit_code == 7);
  const Json interim = parse_json(at.site.shop().get("interim/certificate.json"), "certificate");
  const auto entry = interim["claims"]["destinations"][0]["waived_entry"].get<std::uint64_t>();
  const Json told = parse_json(as_bytes(at.site.cloud("sed -n " + std::to_string(entry + 1) +
                                                      "p site/transcript/log.jsonl")),
                               "entry");
  CHECK(told["act"] == "shred-waive");
  REQUIRE(interim["statement"]["pending"].size() == 1);
  CHECK(interim["statement"]["pending"][0].get<std::string>().ends_with(
      " Officers decided that nobody waits for it (entry " + std::to_string(entry) + ")."));
  CHECK(as_text(at.site.shop().get("interim/certificate.html")).find(", waived (entry ") !=
        std::string::npos);
}

// At AWS, whose answer is that it will delete the key.
TEST_CASE("No name goes while a cloud has not answered, unless officers waive its answer") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  const Words olga{"--operator", "olga@example.org"};
  const Words whose{"--tenant", "Acme", "--reason", "they left us"};
  const auto run = [&](const Words& words) {
    return at.site.scene.run("shred", whose + words + olga);
  };
  const auto approved = [&](const Words& words) {
    at.site.scene.refused(run(words), 7, "approval-needed");
    const auto statement =
        at.site.path(at.site.cloud("ls -t site/approvals/*/statement.json | head -n 1"));
    return run(words + Words{"--approval", at.site.scene.sign("alice", statement),
                             at.site.scene.sign("bob", statement)});
  };
  const auto waits = at.site.cloud(
      "python3 -c \"import sqlite3; print(*sqlite3.connect('site/registry.sqlite').execute('SELECT "
      "id FROM destination').fetchone(), end='')\"");
  // Nothing is condemned yet.
  at.site.scene.refused(run({"--waive", waits}), 1, "waive-nothing");
  CHECK(approved({}).exit_code == 0);
  (void)at.site.scene.must("tenant", Words{"offboard", "Acme", "--reason", "they left us"} + olga);
  const Words forget{"--forget", "--copy", at.site.path("kept")};
  const auto open = run(forget);
  at.site.scene.refused(open, 1, "destinations-open");
  CHECK(open.err.find(waits) != std::string::npos);
  at.site.scene.refused(run({"--waive", std::string(32, '0')}), 2, "destination-unknown");
  const auto waived = approved({"--waive", waits});
  CAPTURE(waived.err);
  CHECK(waived.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(waived.out), "output")["result"]) ==
        document_shape(documented_example("shred-waive-result")["result"]));
  at.site.scene.refused(run({"--waive", waits}), 1, "waive-nothing");
  check_interim(at);
  CHECK(approved(forget).exit_code == 0);
  CHECK(at.site.shop().naming("Acme", "site") == "");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
