// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred as ops do it: what is frozen, what officers approve, what is left afterwards. What the
// token opens is asked by Cryptoki itself; registry and log are read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// How many records of the file any key of the token opens.
std::string opened_by_any_key(const ShredSite& site, const std::string& records) {
  const auto& token = *site.scene.room().token;
  return as_text(site.shop().must("python3 " KEYRITE_SOURCE_DIR
                                  "/tests/cli/open_records.py " KEYRITE_SOURCE_DIR
                                  "/tests/faults '" +
                                  token.module.path.value() + "' " + token.pin + " " + records));
}

// The registry as somebody leaves it who writes into its file.
void change_rows(const ShredSite& site, const std::string& program) {
  (void)site.look(
      "kept = db.execute(\"SELECT name, sql FROM sqlite_schema WHERE type = "
      "'trigger'\").fetchall()\n"
      "for name, ignored in kept: db.execute('DROP TRIGGER ' + name)\n"
      "(key,), = db.execute('SELECT k.id FROM tenant_key k JOIN pseudonym p ON p.pseudonym = "
      "k.tenant_id AND p.name = \"Acme\"')\n" +
      program +
      "\nfor ignored, statement in kept: db.execute(statement)\n"
      "db.commit()");
}

TEST_CASE("A tenant is shredded by two officers, and no other tenant notices") {
  const ShredSite site;
  if (!site.ready()) return;
  CHECK(opened_by_any_key(site, "Acme.deks") == "3");
  const auto words = site.approved(site.left);
  // Frozen by now: nothing is added, and nothing is opened.
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  site.scene.refused(site.scene.run("dek", Words{"issue", "--tenant", "Acme", "--key", "payments",
                                                 "--out", site.path("more")} +
                                               site.operator_words),
                     1, "version-not-active");
  CHECK(opened_by_any_key(site, "Acme.deks") == "3");

  const Json done = site.shred(words);
  CHECK(document_shape(done) == document_shape(documented_example("shred-result")["result"]));
  CHECK(done["state"] == "destroyed");
  CHECK(done["at_token"][0]["outcome"] == "absent");
  CHECK(done["at_token"][0]["canary"] == "opens-nowhere");
  CHECK(done["at_token"][0]["destroyed"] == 1);
  CHECK(site.states() == "1 destroyed;");
  CHECK(site.objects() == "3");  // the log's pair, and Beta's key
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  CHECK(opened_by_any_key(site, "Acme.deks") == "0");
  CHECK(site.opens("Beta", "Beta.deks"));
  CHECK(opened_by_any_key(site, "Beta.deks") == "3");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
  site.scene.check_with_other_programs();
}

TEST_CASE("The log tells what was approved and what came of it, and names nobody") {
  const ShredSite site;
  if (!site.ready()) return;
  (void)site.shred(site.approved(site.left + Words{"--requested-at", "2026-05-04T10:00:00Z",
                                                   "--request-ref", "request 4711"}));
  CHECK(site.look(R"py(
decision, = results('shred')
at_token, = results('shred-destroy')
records, = results('shred-records')
closing, = results('shred-close')
approved = [e for e in log if e.get('act') == 'shred' and e['event'] == 'intent']
print(len(approved[0]['approval']['by']), decision['versions'], decision['deks'], decision['requested_at'],
      at_token['versions'][0]['outcome'], at_token['objects_seen'], records['records'], closing['searched_for'])
)py") == "2 1 3 2026-05-04T10:00:00Z absent 2 3 3\n");
  // The digest of the data keys, by the records that were given out.
  CHECK(site.look(R"py(
import hashlib
deks = sorted((json.loads(line) for line in open('Acme.deks')), key=lambda one: one['id'])
text = ''.join(f"{one['id']} {one['sha256']}\n" for one in deks)
print(hashlib.sha256(text.encode()).hexdigest() == results('shred')[0]['dek_list_sha256'])
)py") == "True\n");
  site.shop().must("! grep -rqaE 'Acme|payments|left us|request 4711' site/transcript");
}

TEST_CASE("What the registry kept of the data keys is not in its file any more") {
  const ShredSite site;
  if (!site.ready()) return;
  constexpr const char* kSearch = R"py(
import base64
file = open('site/registry.sqlite', 'rb').read()
print(*(sum(base64.b64decode(json.loads(line)['wrapped']) in file for line in open(name))
        for name in ('Acme.deks', 'Beta.deks')))
)py";
  CHECK(site.look(kSearch) == "3 3\n");
  (void)site.shred(site.approved(site.left));
  CHECK(site.look(kSearch) == "0 3\n");
  CHECK(site.look("print(*db.execute('SELECT kept, count(*), count(wrapped) FROM dek GROUP BY "
                  "kept ORDER BY kept'))") == "('gone', 3, 0) ('here', 3, 3)\n");
}

TEST_CASE("Where the registry's file has a wrapped data key elsewhere, the version is not closed") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  // In another tenant's row, where nothing is erased.
  change_rows(site,
              "import base64\n"
              "copy = base64.b64decode(json.loads(open('Acme.deks').readline())['wrapped'])\n"
              "db.execute('UPDATE dek SET parameters = ? WHERE id = ?', [copy, "
              "json.loads(open('Beta.deks').readline())['id']])");
  site.refused(words, 1, "wrapped-bytes-left");
  CHECK(site.states() == "1 deactivated;");
}

TEST_CASE("The second run says that it is gone, and writes nothing") {
  const ShredSite site;
  if (!site.ready()) return;
  (void)site.shred(site.approved(site.left));
  const auto entries = site.scene.entries().size();
  CHECK(site.shred(site.left)["state"] == "destroyed");
  CHECK(site.scene.entries().size() == entries);
}

TEST_CASE("What was frozen is as it was before, as long as nobody approved it") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  CHECK(site.shred(site.left + Words{"--unfreeze"})["state"] == "thawed");
  CHECK(site.opens("Acme", "Acme.deks"));
  site.refused(site.left + Words{"--unfreeze"}, 1, "version-not-frozen");
  // One data key more is another list.
  site.issue("Acme", "1", "more.deks");
  site.refused(words, 6, "statement-other-request");
  CHECK(site.states() == "1 active;");
  CHECK(site.objects() == "4");
}

TEST_CASE("A dry run shows what becomes unreadable, and freezes nothing") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto entries = site.scene.entries().size();
  const auto done = site.run(site.left + Words{"--dry-run"});
  REQUIRE(done.exit_code == 0);
  const Json plan = parse_json(as_bytes(done.out), "output")["plan"];
  CHECK(plan["state"] == "to-do");
  CHECK(plan["data_keys"] == 3);
  CHECK(plan["versions"][0]["copies"][0]["state"] == "present");
  CHECK(done.err.find("unreadable afterwards: 3 data key(s)") != std::string::npos);
  CHECK(done.err.find("backups of the token") != std::string::npos);
  CHECK(site.scene.entries().size() == entries);
  CHECK(site.opens("Acme", "Acme.deks"));
}

TEST_CASE("A version that was replaced goes alone, and what moved from it is readable") {
  const ShredSite site;
  if (!site.ready()) return;
  (void)site.must("rotate", {"--tenant", "Acme", "--key", "payments", "--force"});
  site.issue("Acme", "2", "second.deks");
  const Words first{"--tenant",      "Acme", "--key",    "payments",
                    "--key-version", "1",    "--reason", "replaced"};
  const Json done = site.shred(site.approved(first));
  CHECK(done["state"] == "destroyed");
  CHECK(done["data_keys_that_stay"] == 5);
  CHECK(site.states() == "1 destroyed; 2 active;");
  CHECK(site.opens("Acme", "second.deks"));
}

TEST_CASE("Versions that are suspended, compromised, or never were active go too") {
  const ShredSite site;
  if (!site.ready()) return;
  site.add_key("Acme", "leaked");
  site.add_key("Acme", "paused");
  (void)site.must("key", {"mark-compromised", "leaked", "--tenant", "Acme", "--reason", "a test"});
  (void)site.must("key", {"suspend", "paused", "--tenant", "Acme", "--reason", "a test"});
  (void)site.must("key", {"add", "young", "--tenant", "Acme", "--type", "rsa-2048"});
  (void)site.must("generate-kek", {"--tenant", "Acme", "--key", "young"});
  const Json done = site.shred(site.approved(site.left));
  CHECK(done["state"] == "destroyed");
  CHECK(site.states() == "1 destroyed; 1 destroyed; 1 destroyed; 1 destroyed;");
  CHECK(site.objects() == "3");
}

TEST_CASE("A tenant on legal hold is not shredded") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  (void)site.must("tenant", {"hold", "Acme", "--reason", "a lawsuit", "--authority", "the court"});
  site.refused(words, 1, "legal-hold");
  site.refused(site.left, 1, "legal-hold");
  CHECK(site.objects() == "4");
}

TEST_CASE("A command that does not say what to shred is refused before anything is frozen") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto entries = site.scene.entries().size();
  site.refused(site.left + Words{"--key-version", "1"}, 2, "shred-what");
  site.refused(site.left + Words{"--unfreeze", "--output", site.path("out")}, 2, "shred-what");
  site.refused(site.left + Words{"--answers", site.path("none")}, 2, "shred-what");
  site.refused(site.left + Words{"--key", "payments", "--key-version", "7"}, 2, "version-unknown");
  (void)site.must("tenant", {"add", "Empty"});
  site.refused({"--tenant", "Empty", "--reason", "a test"}, 1, "shred-nothing");
  CHECK(site.scene.entries().size() == entries + 2);
}

TEST_CASE("A row that was changed destroys nothing, and calls nothing destroyed") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  site.shop().must("cp site/registry.sqlite whole");
  for (const char* program :
       {"db.execute('UPDATE version SET cka_id = (SELECT cka_id FROM version WHERE key_id <> ?) "
        "WHERE key_id = ?', [key, key])",
        "db.execute('UPDATE check_value SET value = ? WHERE key_id = ?', ['00' * 32, key])",
        "db.execute('DELETE FROM check_value WHERE key_id = ?', [key])",
        "db.execute('DELETE FROM key_copy WHERE key_id = ?', [key])",
        "db.execute('UPDATE key_copy SET token_serial = ? WHERE key_id = ?', ['another', key])",
        "db.execute('UPDATE version SET frozen_by = NULL WHERE key_id = ?', [key])"}) {
    CAPTURE(program);
    change_rows(site, program);
    site.refused(words, 6, "version-differs");
    CHECK(site.objects() == "4");
    site.shop().must("cp whole site/registry.sqlite");
  }
  CHECK(site.opens("Beta", "Beta.deks"));
  CHECK(site.shred(words)["state"] == "destroyed");
}

TEST_CASE("The run that freezes says so, and the next one that waits does not say it again") {
  const ShredSite site;
  if (!site.ready()) return;
  constexpr std::string_view kFrozen = "version 1 of the key \"payments\" is frozen";
  const auto first = site.run(site.left);
  site.scene.refused(first, 7, "approval-needed");
  CHECK(first.err.find(kFrozen) != std::string::npos);
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  const auto second = site.run(site.left);
  site.scene.refused(second, 7, "approval-needed");
  CHECK(second.err.find(kFrozen) == std::string::npos);
}

TEST_CASE("A canary that its own key does not open shows nothing, and is not said to") {
  const ShredSite site;
  if (!site.ready()) return;
  change_rows(site,
              "db.execute('UPDATE canary SET content = ? WHERE key_id = ?', [b'0' * 40, key])");
  const Json done = site.shred(site.approved(site.left));
  CHECK(done["state"] == "destroyed");  // by id, label and check value
  CHECK(done["at_token"][0]["canary"] == "not-tried");
}

TEST_CASE("A decision that somebody wrote into the log without the token is none") {
  const ShredSite site;
  if (!site.ready()) return;
  site.scene.refused(site.run(site.left), 7, "approval-needed");
  // A copy of the entry that froze it, which needs no token, and says more.
  (void)site.look(R"py(
import hashlib
lines = open('site/transcript/log.jsonl').read().splitlines()
last = json.loads(lines[-1])
pair = [json.loads(line) for line in lines if json.loads(line).get('act') == 'shred-freeze'][-2:]
for entry in pair:
    entry['run'] = 'ab' * 16
    entry['seq'] = len(lines)
    entry['previous'] = hashlib.sha256(b'\0' + lines[-1].encode()).hexdigest()
    if entry['event'] == 'result':
        entry['facts']['changes'] = [{'condemned': {'key': c['frozen']['key'], 'number': c['frozen']['number']}}
                                     for c in entry['facts']['changes']]
    lines.append(json.dumps(entry, sort_keys=True, separators=(',', ':'), ensure_ascii=False))
open('site/transcript/log.jsonl', 'w').write('\n'.join(lines) + '\n')
)py");
  const auto done = site.run(site.left);
  CAPTURE(done.err);
  CHECK(done.exit_code != 0);
  CHECK(site.objects() == "4");
  CHECK(opened_by_any_key(site, "Acme.deks") == "3");
}

TEST_CASE("A registry from before the shred is brought up to it again") {
  const ShredSite site;
  if (!site.ready()) return;
  (void)site.must("inventory", {"backup", site.path("before.sqlite")});
  (void)site.shred(site.approved(site.left));
  (void)site.must("inventory", {"restore", site.path("before.sqlite")});
  // It differs from the log, and nobody changed a row.
  site.refused(site.left, 8, "registry-behind");
  (void)site.scene.run("resume", site.operator_words);
  CHECK(site.states() == "1 destroyed;");
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  CHECK(site.shred(site.left)["state"] == "destroyed");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
