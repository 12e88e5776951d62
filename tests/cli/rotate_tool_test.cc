// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Rotation as an operator and a timer do it. What comes of data keys is compared by what dek unwrap
// gives out before and after; what registry and log have is read by python3.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};

struct Rotated {
  SiteRoom scene{};
  Rotated() {
    if (!ready()) return;
    (void)must("tenant", {"add", "Acme", "--owner", "Ada"});
    add_key("payments");
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  Json must(const std::string& tool, const Words& words) const {
    return scene.must(tool, words + kOlga);
  }
  void add_key(const std::string& key) const {
    (void)must("key", {"add", key, "--tenant", "Acme", "--type", "aes-256"});
    (void)must("generate-kek", {"--tenant", "Acme", "--key", key});
    (void)must("key", {"activate", key, "--tenant", "Acme"});
  }
  void issue(const std::string& out) const {
    (void)must("dek", Words{"issue", "--count", "5", "--out", path(out)} + kPayments);
  }
  [[nodiscard]] std::string given_out(const std::string& records, const std::string& out) const {
    (void)must("dek", {"unwrap", "--tenant", "Acme", "--reason", "a test", "--from", path(records),
                       "--out", path(out)});
    return as_text(scene.room().shop.get(out));
  }
  [[nodiscard]] ProgramRun run(const Words& words) const {
    return scene.run("rotate", words + kOlga);
  }
  Json rotate(const Words& words) const { return must("rotate", words); }
  [[nodiscard]] std::string look(const std::string& program) const {
    scene.room().shop.put("look.py", as_bytes("import json, sqlite3\n"
                                              "db = sqlite3.connect('site/registry.sqlite')\n"
                                              "log = [json.loads(line) for line in "
                                              "open('site/transcript/log.jsonl')]\n" +
                                              program));
    return as_text(scene.room().shop.must("python3 look.py"));
  }
  [[nodiscard]] std::string states() const {
    return look(
        "print(*(f'{n} {s};' for n, s in db.execute('SELECT number, state FROM version v JOIN "
        "tenant_key k ON k.id = v.key_id WHERE k.name = \"payments\" ORDER BY number')))");
  }
  void make_due() const {
    (void)look("db.execute('UPDATE tenant_key SET due_ms = 1'); db.commit()");
  }
};

TEST_CASE(
    "A key is rotated in one run: the next version serves, and data keys stay what they are") {
  const Rotated site;
  if (!site.ready()) return;
  site.issue("records");
  const auto before = site.given_out("records", "before");
  const Json done = site.rotate(kPayments + Words{"--force"});
  CHECK(done["keys"][0]["state"] == "done");
  CHECK(done["keys"][0]["active"] == 2);
  CHECK(done["keys"][0]["moved"] == 5);
  CHECK(site.states() == "1 deactivated; 2 active;\n");
  // By one entry, so that at no moment no version wraps.
  CHECK(site.look(R"py(
told, = [entry["facts"]["changes"] for entry in log if entry.get("act") == "rotate" and entry["event"] == "result"]
print([(one["version"]["number"], one["version"]["state"]) for one in told])
)py") == "[(1, 'deactivated'), (2, 'active')]\n");
  CHECK(site.look("print(db.execute('SELECT DISTINCT number FROM dek').fetchall())") == "[(2,)]\n");
  // By their ids now: the file has the records of before.
  Words by_id{"unwrap", "--tenant", "Acme", "--reason", "a test", "--out", site.path("after")};
  std::istringstream ids(site.look("for line in open('records'): print(json.loads(line)['id'])"));
  for (std::string id; std::getline(ids, id);) by_id = by_id + Words{"--id", id};
  (void)site.must("dek", by_id);
  CHECK(as_text(site.scene.room().shop.get("after")) == before);
  // Nothing is due any more.
  CHECK(site.rotate(kPayments)["keys"][0]["state"] == "not-due");
  CHECK(site.states() == "1 deactivated; 2 active;\n");
  CHECK(site.scene.room().shop.naming("payments|Acme", "site/transcript") == "");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("The next version waits until every destination has it, and says who does what") {
  const Rotated site;
  if (!site.ready()) return;
  (void)site.must("destination", Words{"add", "alias/acme-payments", "--provider", "aws",
                                       "--account", "111122223333", "--region", "eu-central-1",
                                       "--wrapping-algorithm", "RSAES_OAEP_SHA_256"} +
                                     kPayments);
  const auto first = site.run(kPayments + Words{"--force"});
  REQUIRE(first.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(first.out), "output")) ==
        document_shape(documented_example("rotate-result")));
  Json stands = parse_json(as_bytes(first.out), "output")["result"];
  CHECK(stands["keys"][0]["state"] == "waiting");
  CHECK(stands["keys"][0]["waits_for"][0]["state"] == "none");
  CHECK(stands["keys"][0]["waits_for"][0]["do"].get<std::string>().find(
            "/fetch.sh on the connected machine") != std::string::npos);
  CHECK(site.states() == "1 active; 2 pre-activation;\n");
  // Again: nothing is made twice.
  stands = site.rotate(kPayments + Words{"--force"});
  CHECK(site.states() == "1 active; 2 pre-activation;\n");
  CHECK(site.rotate({"--status"})["summary"]["waiting"] == 1);
  const auto stuck = site.run(kPayments + Words{"--stuck-after", "0"});
  CHECK(stuck.exit_code == 7);
  (void)site.must("destination",
                  Words{"retire", "alias/acme-payments", "--reason", "closed"} + kPayments);
  CHECK(site.rotate(kPayments)["keys"][0]["state"] == "done");
  CHECK(site.states() == "1 deactivated; 2 active;\n");
}

TEST_CASE("A key that fails stops no other, and the exit code is the worst one") {
  const Rotated site;
  if (!site.ready()) return;
  site.add_key("orders");
  CHECK(site.rotate({"--due"})["keys"].empty());
  site.make_due();
  (void)site.look(R"py(
triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decision'").fetchall()
for name, _ in triggers: db.execute("DROP TRIGGER " + name)
db.execute("UPDATE decision SET content = replace(content, '365', '3650') WHERE subject = "
           "(SELECT id FROM tenant_key WHERE name = 'payments')")
for _, sql in triggers: db.execute(sql)
db.commit()
)py");
  const auto run = site.run({"--due"});
  CHECK(run.exit_code == 6);
  const Json done = parse_json(as_bytes(run.out), "output")["result"];
  CHECK(done["summary"]["done"] == 1);
  CHECK(done["summary"]["failed"] == 1);
  CHECK(run.err.find("FAILED: ") != std::string::npos);
  CHECK(run.err.find("hint: ") != std::string::npos);
}

TEST_CASE("A dry run says the next step and changes nothing, a suspended tenant is left alone") {
  const Rotated site;
  if (!site.ready()) return;
  const auto entries = site.scene.entries().size();
  const auto planned = site.run(kPayments + Words{"--force", "--dry-run"});
  REQUIRE(planned.exit_code == 0);
  CHECK(parse_json(as_bytes(planned.out), "output")["plan"]["keys"][0]["next_step"] == "make");
  CHECK(site.scene.entries().size() == entries);
  (void)site.must("tenant", {"suspend", "Acme", "--reason", "unpaid"});
  CHECK(site.rotate(kPayments + Words{"--force"})["keys"][0]["state"] == "tenant-not-active");
  CHECK(site.states() == "1 active;\n");
  site.scene.refused(site.run({"--tenant", "Acme"}), 2, "rotate-what");
  site.scene.refused(site.run({"--tenant", "Acme", "--key", "none"}), 2, "key-unknown");
}

TEST_CASE("After a compromise the next version is made at once, and data keys leave the old one") {
  const Rotated site;
  if (!site.ready()) return;
  site.issue("records");
  (void)site.must("key",
                  Words{"mark-compromised", "payments", "--tenant", "Acme", "--reason", "r"});
  CHECK(site.rotate(kPayments)["keys"][0]["moved"] == 5);
  CHECK(site.states() == "1 compromised; 2 active;\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
