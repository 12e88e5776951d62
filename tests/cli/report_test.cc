// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// keyrite inventory report on real sites: python3 opens the page and counts in the log itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "cli/document_shape.h"
#include "cli/shred_site.h"
#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

ProgramRun report(const SiteRoom& scene, const std::string& out, const Words& more = {}) {
  return scene.run("inventory", Words{"report", "--out", scene.room().path(out)} + more + kOlga);
}

// The document of a report that ends with this code, after python3 has looked at both.
Json checked(const SiteRoom& scene, const std::string& out, const Words& more = {},
             int exit_code = 0) {
  const auto done = report(scene, out, more);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == exit_code);
  scene.room().shop.put(out + ".json", as_bytes(done.out));
  scene.room().shop.must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/report_check.py site " + out +
                         " " + out + ".json");
  scene.room().shop.must("test $(stat -c %a " + out + ") = 600");
  return parse_json(as_bytes(done.out), "output");
}

void refused(const SiteRoom& scene, const Words& more, int exit_code, const std::string& code) {
  CAPTURE(code);
  scene.refused(report(scene, "none.html", more), exit_code, code);
  scene.room().shop.must("test ! -e none.html");
}

// Every path and type of both, and of no other.
void same_shapes(const std::set<std::string>& printed) {
  const auto documented = document_shape(documented_example("inventory-report-result"));
  std::vector<std::string> differences;
  std::ranges::set_symmetric_difference(printed, documented, std::back_inserter(differences));
  std::string text;
  for (const auto& one : differences) text += one + "\n";
  CHECK(text == "");
}

// A key that Google holds by an officer's word, a key of nobody, an ownerless credential.
void stock(const TenantCloud& site) {
  const auto must = [&](const std::string& tool, const Words& words) {
    (void)site.scene.must(tool, words + kOlga);
  };
  site.serve_at_google();
  (void)site.make_version();
  (void)site.wrap("google", site.google_parameters("job") + Words{"--out", site.path("bundle")});
  site.cloud("sh bundle/import.sh create; sh bundle/import.sh");
  (void)site.judge("bundle", 7);
  must("inventory", {"accept", "--tenant", "Acme", "--key", "payments", "--destination", "payments",
                     "--provider", "google", "--reason", "no answer proves it", "--until",
                     site.cloud("date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ")});
  must("key", {"activate", "payments", "--tenant", "Acme"});
  must("dek", {"issue", "--tenant", "Acme", "--key", "payments", "--holder", "billing", "--count",
               "3", "--out", site.path("deks")});
  must("dek", {"unwrap", "--tenant", "Acme", "--reason", "a test", "--from", site.path("deks"),
               "--out", site.path("opened")});
  site.shop().put("secret", as_bytes("sk_live_0123456789abcdef"));
  site.shop().must("chmod 600 secret");
  must("tenant", {"add", "Nobody"});
  must("key", {"add", "<b>orphan</b>", "--tenant", "Nobody", "--type", "aes-256"});
  must("credential",
       {"seal", "--tenant", "Acme", "--key", "payments", "--service", "stripe", "--environment",
        "production", "--scope", "charges", "--secret-file", site.path("secret")});
}

TEST_CASE("A report has what python counts in the log, and everything that was documented") {
  const TenantCloud site;
  if (!site.ready()) return;
  stock(site);
  const Json first = checked(site.scene, "first.html", {"--framework", "nhi"});
  CHECK(first["result"]["log"]["vkeys_from"] == "site");
  CHECK(first["result"]["destinations"][0]["proof"]["state"] == "accepted");
  CHECK(first["result"]["exceptions"][0]["by"] == "olga@example.org");
  CHECK(first["result"]["exceptions"][0]["reason"] == "no answer proves it");
  CHECK(first["result"]["owners_missing"].size() >= 1);
  CHECK(first["result"]["wrong"].empty());
  site.shop().must("grep -q '&lt;b&gt;orphan&lt;/b&gt;' first.html && ! grep -q '<b>' first.html");
  // Then the key is shredded, and an act on files follows the checkpoint.
  const auto shred = [&](const Words& more) {
    return site.scene.run("shred",
                          Words{"--tenant", "Acme", "--reason", "they left us"} + kOlga + more);
  };
  site.scene.refused(shred({}), 7, "approval-needed");
  const auto statement = site.path(site.cloud("ls -t site/approvals/*/statement.json | head -n 1"));
  const auto gone =
      shred({"--approval", site.scene.sign("alice", statement), site.scene.sign("bob", statement)});
  CAPTURE(gone.err);
  REQUIRE(gone.exit_code == 0);
  (void)site.scene.must("tenant", Words{"suspend", "Nobody", "--reason", "unpaid"} + kOlga);
  const Json second =
      checked(site.scene, "second.html", {"--framework", "csf2", "--vkey", site.scene.vkey()});
  CHECK(second["result"]["log"]["vkeys_from"] == "given");
  CHECK(second["result"]["log"]["unsigned_entries"] == 2);
  REQUIRE(second["result"]["not_signed"].size() == 1);
  CHECK(second["result"]["not_signed"][0]["text"].get<std::string>().find("suspended") !=
        std::string::npos);
  CHECK(second["result"]["shreds"][0]["state"] == "destroyed");
  CHECK(second["result"]["shreds"][0]["waits_for"].size() == 1);
  auto shape = document_shape(first);
  shape.merge(document_shape(second));
  same_shapes(shape);
  // What was signed is not listed any more.
  (void)site.scene.must("resume", {});
  CHECK(checked(site.scene, "third.html")["result"]["not_signed"].empty());
}

TEST_CASE("A report of a period has both its ends, and nothing that came later") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto today = as_text(site.shop().must("date -u +%F | tr -d '\\n'"));
  const Json document =
      checked(site.scene, "today.html", {"--from", today, "--to", today})["result"];
  CHECK(document["population"]["keys_at_start"] == 0);
  CHECK(document["population"]["keys_at_end"] == 2);
  const auto before =
      report(site.scene, "before.html", {"--from", "2020-01-01", "--to", "2020-12-31"});
  REQUIRE(before.exit_code == 0);
  const Json none = parse_json(as_bytes(before.out), "output")["result"];
  CHECK(none["population"]["keys_at_end"] == 0);
  CHECK(none["population"]["versions"].empty());
  // The same log and the same time give the same page, but for the time of its making.
  site.shop().must("! grep -q payments before.html");
}

TEST_CASE("A log that does not verify gives no report") {
  const ShredSite site;
  if (!site.ready()) return;
  refused(site.scene, {"--from", "2027-01-01"}, 2, "report-period");
  refused(site.scene, {"--from", "2999-01-01", "--to", "2999-01-02"}, 2, "report-period");
  refused(site.scene, {"--from", "today", "--to", "2027-01-02"}, 2, "report-day");
  refused(site.scene, {"--framework", "soc2"}, 2, "value-not-allowed");
  refused(site.scene, {"--vkey", "a+b+c"}, 3, "vkey-invalid");
  // A key of the log's name that did not sign it.
  const auto other = as_text(site.shop().must(
      "python3 -c \"import base64, hashlib; name = 'keyrite.example/test'; key = b'\\x01' + bytes("
      "range(32)); print(name + '+' + hashlib.sha256(name.encode() + b'\\n' + key).hexdigest()[:8] "
      "+ "
      "'+' + base64.b64encode(key).decode(), end='')\""));
  refused(site.scene, {"--vkey", other}, 6, "note-unsigned");
  refused(site.scene, {"--checkpoint", site.path("absent")}, 3, "file-unreadable");
  // A letter of an entry, in the middle of the log.
  site.shop().must(
      "cp site/transcript/log.jsonl log && "
      "sed -i '5s/\"operator\":\"olga/\"operator\":\"olgb/' site/transcript/log.jsonl && "
      "! cmp -s log site/transcript/log.jsonl");
  refused(site.scene, {}, 6, "log-changed");
  site.shop().must("head -n 6 log > site/transcript/log.jsonl");
  refused(site.scene, {}, 6, "log-truncated");
  site.shop().must("cp log site/transcript/log.jsonl");
  CHECK(report(site.scene, "whole.html").exit_code == 0);
  // One that somebody kept, of an earlier and of a later log.
  site.shop().must("mkdir early && cp site/transcript/log.jsonl site/transcript/checkpoint early");
  (void)site.must("generate-kek", {"--type", "aes-256", "--label", "later"});
  const auto kept =
      report(site.scene, "kept.html", {"--checkpoint", site.path("early/checkpoint")});
  REQUIRE(kept.exit_code == 0);
  const Json head = parse_json(as_bytes(kept.out), "output")["result"]["log"];
  CHECK(head["earlier_size"].get<int>() < head["size"].get<int>());
  site.shop().must("cp site/transcript/checkpoint later && cp early/* site/transcript/");
  refused(site.scene, {"--checkpoint", site.path("later")}, 6, "log-shrunk");
  site.scene.refused(report(site.scene, "whole.html"), 2, "output-exists");
}

// Whoever may write the folder can add a line; nobody signs it.
constexpr const char* kForge = R"py(
import hashlib, json, sqlite3
path = "site/transcript/log.jsonl"
lines = open(path, "rb").read().splitlines()
key, number = sqlite3.connect("site/registry.sqlite").execute("SELECT key_id, number FROM version").fetchone()
entry = {"act": "shred-close", "event": "result", "outcome": "done", "operator": "olga", "run": "1" * 32,
         "facts": {"changes": [{"version": {"key": key, "number": number, "state": "destroyed"}}]},
         "prev": hashlib.sha256(b"\0" + lines[-1]).hexdigest(), "seq": len(lines), "time": "2026-01-01T00:00:00Z"}
open(path, "ab").write(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n")
)py";

TEST_CASE("An entry that somebody added behind the checkpoint is not counted") {
  const ShredSite site;
  if (!site.ready()) return;
  site.shop().put("forge.py", as_bytes(kForge));
  site.shop().must("python3 forge.py");
  const Json document = checked(site.scene, "forged.html")["result"];
  CHECK(document["log"]["unsigned_entries"] == 1);
  CHECK(document["population"]["states_at_end"] == Json{{"active", 2}});
  const auto shown = run_program(Words{tool_path("inventory"), "report", "--out", site.path("x"),
                                       "--site", site.scene.site()} +
                                 kOlga);
  CHECK(shown.err.find("not signed, and not counted: 1 entry") != std::string::npos);
}

TEST_CASE("A registry that was edited is named in the report, with exit code 6") {
  const ShredSite site;
  if (!site.ready()) return;
  (void)site.scene.must("resume", {});
  site.shop().must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('site/registry.sqlite')\n"
      "triggers = db.execute('SELECT name, sql FROM sqlite_schema WHERE type = \\'trigger\\' "
      "').fetchall()\n"
      "for name, sql in triggers: db.execute('DROP TRIGGER ' + name)\n"
      "db.execute('UPDATE version SET state = \\'suspended\\' WHERE rowid = 1')\n"
      "for name, sql in triggers: db.execute(sql)\n"
      "db.commit()\"");
  const Json document = checked(site.scene, "edited.html", {}, 6)["result"];
  REQUIRE(document["wrong"].size() == 1);
  CHECK(document["wrong"][0].get<std::string>().find("is active by the log") != std::string::npos);
  CHECK(document["population"]["states_at_end"]["active"] == 2);
  site.shop().must("grep -q 'What does not agree' edited.html");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
