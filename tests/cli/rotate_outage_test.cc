// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Data keys move while the token fails, while another process changes their records, and while
// others rotate. What the registry has is read by python3; what data keys are is what dek unwrap
// gives out before and after.
#include <doctest/doctest.h>

#include <string>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
constexpr int kDeks = 100;
// Past the self-tests, among the calls that move kDeks data keys.
constexpr const char* kAmongThem = " 80 ";

struct Rotating {
  SiteRoom scene{KEYRITE_FAULTY_MODULE};
  Rotating() {
    if (!ready()) return;
    (void)must("tenant", {"add", "Acme", "--owner", "Ada"});
    add_key("payments");
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  Json must(const std::string& tool, const Words& words) const {
    return scene.must(tool, words + kOlga);
  }
  void add_key(const std::string& key) const {
    (void)must("key", {"add", key, "--tenant", "Acme", "--type", "aes-256"});
    (void)must("generate-kek", {"--tenant", "Acme", "--key", key});
    (void)must("key", {"activate", key, "--tenant", "Acme"});
    (void)must("dek", {"issue", "--tenant", "Acme", "--key", key, "--count", std::to_string(kDeks),
                       "--out", path("records-" + key)});
    give_out(key, "before-" + key);
  }
  // By their ids: a file would have the records of before.
  void give_out(const std::string& key, const std::string& out) const {
    shop().must("rm -f " + out);
    Words words{"unwrap", "--tenant", "Acme", "--reason", "a test", "--out", path(out)};
    const auto ids =
        look("for line in open('records-" + key + "'): print(json.loads(line)['id'], end='')");
    constexpr std::size_t kDigits = 32;
    for (std::size_t at = 0; at + kDigits <= ids.size(); at += kDigits)
      words = words + Words{"--id", ids.substr(at, kDigits)};
    (void)must("dek", words);
  }
  void check_same(const std::string& key = "payments") const {
    give_out(key, "after-" + key);
    shop().must("cmp before-" + key + " after-" + key);
    CHECK(scene.verify()["unsigned_entries"] == 0);
  }
  [[nodiscard]] std::string look(const std::string& program) const {
    shop().put("look.py", as_bytes("import json, sqlite3\n"
                                   "db = sqlite3.connect('site/registry.sqlite')\n" +
                                   program));
    return as_text(shop().must("python3 look.py"));
  }
  // How many data keys are under which version of the key.
  [[nodiscard]] std::string under(const std::string& key = "payments") const {
    return look(
        "print(*(f'{n}: {c};' for n, c in db.execute('SELECT number, count(*) FROM dek d "
        "JOIN tenant_key k ON k.id = d.key_id WHERE k.name = \"" +
        key + "\" GROUP BY number')), sep='', end='')");
  }
  [[nodiscard]] std::string states() const {
    return look(
        "print(*(f'{n} {s};' for n, s in db.execute('SELECT number, state FROM version v JOIN "
        "tenant_key k ON k.id = v.key_id WHERE k.name = \"payments\" ORDER BY number')), end='')");
  }
  void edit(const std::string& statement) const {
    (void)look(
        "kept = db.execute(\"select name, sql from sqlite_schema where type = "
        "'trigger'\").fetchall()\n"
        "for name, sql in kept: db.execute('drop trigger ' + name)\n"
        "assert db.execute('" +
        statement + "').rowcount > 0\nfor name, sql in kept: db.execute(sql)\ndb.commit()\n");
  }
  [[nodiscard]] static Words named(const std::string& key) {
    return Words{"--tenant", "Acme", "--key", key} + kOlga;
  }
  [[nodiscard]] ProgramRun rotate(const std::string& fault, const Words& more = {"--force"}) const {
    ProgramSettings settings;
    if (!fault.empty()) settings.environment["KEYRITE_TEST_FAULT"] = fault;
    return scene.run("rotate", named("payments") + more, settings);
  }
  // A command line of the shell.
  [[nodiscard]] std::string line(const std::string& tool, const Words& words) const {
    std::string line = tool_path(tool);
    for (const auto& word : words + kOlga + Words{"--site", scene.site(), "--json"})
      line += " '" + word + "'";
    return line;
  }
  // A rotation of "payments" that stands still among the data keys while the shell does this; its
  // exit code.
  [[nodiscard]] std::string meanwhile(const std::string& what) const {
    shop().must("KEYRITE_TEST_FAULT='C_WrapKey" + std::string(kAmongThem) + "1 0x13 signal' " +
                line("rotate", {"--tenant", "Acme", "--key", "payments", "--force"}) +
                " > first.json 2> first.err & first=$!; for i in $(seq 600); do "
                "grep -q '^State:.*stopped' /proc/$first/status && break; sleep 0.05; done; "
                "grep -q '^State:.*stopped' /proc/$first/status || exit 99; " +
                what + "; kill -CONT $first; wait $first; printf %s $? > code");
    return as_text(shop().get("code"));
  }
};

Json key_of(const ProgramRun& run) {
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  return parse_json(as_bytes(run.out), "output")["result"]["keys"][0];
}

TEST_CASE("A token that fails one unwrap or wrap of many, or drops its sessions, is tried again") {
  int number = 1;
  const Rotating site;
  if (!site.ready()) return;
  for (const std::string fault :
       {"C_UnwrapKey 80 1 0x30 answer", "C_WrapKey 80 1 0x30 answer", "C_WrapKey 180 1 0x31 answer",
        "C_UnwrapKey 80 1 0x0 drop", "C_DestroyObject 80 1 0x0 drop"}) {
    CAPTURE(fault);
    const Json told = key_of(site.rotate(fault));
    CHECK(told["state"] == "done");
    CHECK(told["moved"] == kDeks);
    REQUIRE(told["remarks"].size() == 1);
    CHECK(told["remarks"][0].get<std::string>().starts_with(
        "the token failed while data keys were moved, and was tried once more: C_"));
    ++number;
    CHECK(site.under() == std::to_string(number) + ": 100;");
  }
  site.check_same();
}

TEST_CASE("A token that goes on failing ends the run with its error, and loses nothing") {
  const Rotating site;
  if (!site.ready()) return;
  for (const std::string function : {"C_UnwrapKey", "C_WrapKey"}) {
    const auto run = site.rotate(function + kAmongThem + "0 0x30 answer", {"--force"});
    site.scene.refused(run, 4, "not-found-out");
    CHECK(run.err.find("note: the token failed while data keys were moved") != std::string::npos);
  }
  CHECK(site.states() == "1 deactivated; 2 active;");
  CHECK(site.under() == "1: 100;");
  site.check_same();
  // No other version is made.
  CHECK(key_of(site.rotate({}, {}))["moved"] == kDeks);
  CHECK(site.states() == "1 deactivated; 2 active;");
  site.check_same();
}

TEST_CASE("A record that does not open is counted and told, and the others move") {
  const Rotating site;
  if (!site.ready()) return;
  site.edit(
      "UPDATE dek SET wrapped = zeroblob(40), wrapped_sha256 = "
      "\"2c34ce1df23b838c5abf2a7f6437cca3d3067ed509ff25f11df6b11b582b51eb\" "
      "WHERE id = (SELECT min(id) FROM dek)");
  const auto run = site.rotate({});
  site.scene.refused(run, 6, "deks-suspect");
  CHECK(run.err.find("1 of 100 data keys were not ") != std::string::npos);
  CHECK(site.under() == "1: 1;2: 99;");
}

TEST_CASE("A record that another process moved meanwhile is moved, and one it changed is told") {
  const Rotating site;
  if (!site.ready()) return;
  const auto moving = site.line("dek", {"rewrap", "--tenant", "Acme", "--key", "payments"});
  CHECK(site.meanwhile(moving + " > moved.json || exit 98") == "0");
  CHECK(site.under() == "2: 100;");
  CHECK(site.look("print(json.load(open('moved.json'))['result']['moved'], "
                  "json.load(open('first.json'))['result']['keys'][0]['moved'])") == "100 0\n");
  site.check_same();
  site.shop().put("change.py", as_bytes(std::string_view(R"py(import sqlite3
db = sqlite3.connect('site/registry.sqlite')
kept = db.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
for name, sql in kept: db.execute('drop trigger ' + name)
db.execute("UPDATE dek SET revision = revision + 1 WHERE id = (SELECT min(id) FROM dek)")
db.execute("DELETE FROM dek WHERE id = (SELECT max(id) FROM dek)")
for name, sql in kept: db.execute(sql)
db.commit()
)py")));
  CHECK(site.meanwhile("python3 change.py") == "1");
  CHECK(site.under() == "2: 1;3: 98;");
  site.shop().must(
      "grep -q '2 of 100 data keys' first.err && grep -q 'another process changed its record' "
      "first.err");
  CHECK(site.look(R"py(
parts = [e["facts"] for e in map(json.loads, open("site/transcript/log.jsonl")) if e["event"] == "part"]
sides = [json.load(open("site/transcript/evidence/" + told["evidence_sha256"])) for told in parts]
told = [one["refused"] for side in sides for one in side.get("deks", []) if "refused" in one]
print(told, end="")
)py") == "['dek-changed-meanwhile', 'dek-changed-meanwhile']");
  CHECK(key_of(site.rotate({}, {}))["moved"] == 1);
  CHECK(site.under() == "3: 99;");
}

TEST_CASE(
    "A rotation that is stopped ends the batches it began, says so, and goes on when run again") {
  const Rotating site;
  if (!site.ready()) return;
  (void)site.must("dek", {"issue", "--tenant", "Acme", "--key", "payments", "--count", "4900",
                          "--out", site.path("more")});
  const auto run = site.rotate("C_WrapKey" + std::string(kAmongThem) + "1 0x2 signal");
  site.scene.refused(run, 1, "deks-interrupted");
  CHECK(run.err.find("a signal stopped this: moved 3000 data key(s)") != std::string::npos);
  CHECK(run.err.find("run this again: what was moved is passed over") != std::string::npos);
  CHECK(site.under() == "1: 2000;2: 3000;");
  CHECK(run.err.find('\r') == std::string::npos);  // no bar where nobody looks
  CHECK(key_of(site.rotate({}, {}))["moved"] == 2000);
  CHECK(site.under() == "2: 5000;");
}

TEST_CASE("At a terminal a bar shows how far the data keys of a rotation are") {
  const Rotating site;
  if (!site.ready()) return;
  const auto seen = run_program(
      {"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
       Json::array({{{"expect", "[                    ] 0 of 100, 0 %"}}}).dump(), "--", "sh", "-c",
       "stty cols 80 < /dev/tty; exec " +
           site.line("rotate", {"--tenant", "Acme", "--key", "payments", "--force"}) +
           " 2> /dev/tty"});
  CAPTURE(seen.err);
  REQUIRE(seen.exit_code == 0);
  CHECK(parse_json(as_bytes(seen.out), "at_terminal")["exit"] == 0);
  CHECK(site.under() == "2: 100;");
}

// A pair that waits for a destination, and of which a run that was killed destroyed one half.
struct HalfPair : Rotating {
  Words named{"--tenant", "Acme", "--key", "signing", "--abandon"};
  HalfPair() {
    if (!ready()) return;
    (void)must("key",
               {"add", "signing", "--tenant", "Acme", "--type", "ec-p256", "--usage", "sign"});
    (void)must("destination", {"add", "alias/signing", "--provider", "aws", "--account",
                               "111122223333", "--region", "eu-central-1", "--wrapping-algorithm",
                               "RSA_AES_KEY_WRAP_SHA_1", "--tenant", "Acme", "--key", "signing"});
    (void)must("rotate", {"--tenant", "Acme", "--key", "signing"});
    kill_between();
  }
  [[nodiscard]] Words approvals() const {
    shop().must("mkdir -p kept; mv site/approvals/* kept 2> /dev/null || :");
    scene.refused(scene.run("rotate", named + kOlga), 7, "approval-needed");
    const auto statement = scene.statement();
    return {"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  }
  void kill_between() const {
    shop().must("KEYRITE_TEST_FAULT='C_DestroyObject 2 1 0x9 signal' " +
                line("rotate", named + approvals()) + " > killed 2>&1; test $? = 137");
    (void)must("resume", {});
  }
  [[nodiscard]] std::string state() const {
    return look(
        "print(*db.execute('SELECT v.state FROM version v JOIN tenant_key k ON k.id = v.key_id "
        "WHERE k.name = \"signing\"').fetchone(), end='')");
  }
};

TEST_CASE("A pair of which a killed run destroyed one half is given up by the next run") {
  const HalfPair site;
  if (!site.ready()) return;
  CHECK(site.state() == "pre-activation");
  const Json done = site.must("rotate", site.named + site.approvals());
  CHECK(done["keys"][0]["state"] == "given-up");
  CHECK(site.state() == "destroyed");
  const Json last = site.scene.entries().back();
  CHECK(last["facts"]["destroyed"] == 1);
  site.shop().must("mv kept/* site/approvals");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A half that is left and is not that of the version on record is not destroyed") {
  const HalfPair site;
  if (!site.ready()) return;
  site.edit("UPDATE version SET public_key_sha256 = \"" + std::string(64, 'a') +
            "\" WHERE public_key_sha256 IS NOT NULL");
  site.scene.refused(site.scene.run("rotate", site.named + kOlga + site.approvals()), 6,
                     "version-differs");
  CHECK(site.state() == "pre-activation");
}

TEST_CASE(
    "Of two rotations of one key at the same time the second is refused, and the first ends") {
  const Rotating site;
  if (!site.ready()) return;
  const auto second =
      site.line("rotate", {"--tenant", "Acme", "--key", "payments", "--force", "--wait", "0"});
  CHECK(site.meanwhile(second + " > second.json 2> second.err; printf %s $? > second.code; ls "
                                "site/under-way > held") == "0");
  CHECK(as_text(site.shop().get("second.code")) == "1");
  CHECK(site.look("print(json.load(open('second.json'))['error']['code'], end='')") ==
        "rotation-running");
  site.shop().must(
      "grep -q 'another process rotates this key at this moment' second.err && "
      "grep -q ^rotate- held && test -z \"$(ls site/under-way)\"");
  CHECK(site.states() == "1 deactivated; 2 active;");
  CHECK(site.under() == "2: 100;");
  site.check_same();
}

// The second one from its login to its end, since SoftHSM has no token for whoever looks while
// another logs in.
TEST_CASE("Rotations of different keys by two processes both end well") {
  const Rotating site;
  if (!site.ready()) return;
  site.add_key("orders");
  const auto other =
      site.line("rotate", {"--tenant", "Acme", "--key", "orders", "--force"}) + " > orders.json";
  CHECK(site.meanwhile(other + " || exit 98") == "0");
  for (const std::string key : {"payments", "orders"}) {
    CHECK(site.under(key) == "2: 100;");
    site.check_same(key);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
