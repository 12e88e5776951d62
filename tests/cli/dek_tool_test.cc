// Data keys of tenants as an operator gets them; what registry and log have is read by python3.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "cli/dek_site.h"
#include "cli/document_shape.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A version that was validated is active, has its canary, and is the only one") {
  const Issued site(false);
  if (!site.ready()) return;
  site.refused(Words{"issue", "--out", site.path("no")} + kOfPayments, 1, "version-none-active");
  const auto planned =
      site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme", "--dry-run"} + kOlga);
  REQUIRE(planned.exit_code == 0);
  CHECK(parse_json(as_bytes(planned.out), "output")["plan"]["version"] == 1);
  const Json done = site.must("key", {"activate", "payments", "--tenant", "Acme"});
  CHECK(done["tried"].get<std::string>().find("C_UnwrapKey") != std::string::npos);
  site.look(R"py(
assert db.execute("SELECT number, state FROM version").fetchall() == [(1, "active")]
(mechanism, content, answer), = db.execute("SELECT mechanism, content, answer_sha256 FROM canary").fetchall()
assert mechanism == "aes-kw" and len(content) == 40 and len(answer) == 64
told, = results("key-activate")
assert told["canary_sha256"] == hashlib.sha256(content).hexdigest()
assert told["attributes"]["CKA_WRAP"] == "true" and told["attributes"]["CKA_DECRYPT"] == "false"
values = dict(db.execute("SELECT algorithm, value FROM check_value").fetchall())
assert len(values["hkdf-sha256-key-check-value"]) == 64
assert db.execute("SELECT due_ms IS NOT NULL FROM tenant_key").fetchall() == [(1,)]
)py");
  site.scene.refused(
      site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga), 2,
      "version-unknown");
  site.scene.refused(
      site.scene.run(
          "key", Words{"activate", "payments", "--tenant", "Acme", "--key-version", "1"} + kOlga),
      1, "version-not-waiting");
  (void)site.must("generate-kek", kOfPayments);
  site.scene.refused(
      site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga), 1,
      "version-not-alone");
  CHECK(site.shop().naming("payments|Acme", "site/transcript") == "");
}

TEST_CASE(
    "A version whose policy asks for more copies, or whose row was changed, is not activated") {
  const Issued site(false);
  if (!site.ready()) return;
  const auto refused = [&](int exit_code, const std::string& code) {
    CAPTURE(code);
    site.scene.refused(
        site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga), exit_code,
        code);
  };
  (void)site.must("key", {"change", "payments", "--tenant", "Acme", "--copies", "2"});
  refused(1, "copies-too-few");
  (void)site.must("key", {"change", "payments", "--tenant", "Acme", "--copies", "1"});
  site.look("db.execute(\"UPDATE check_value SET value = 'ff'\"); db.commit()");
  refused(6, "version-differs");
}

TEST_CASE("Data keys are issued in batches, in registry and log before anybody has a record") {
  const Issued site;
  if (!site.ready()) return;
  const Json done =
      site.issue("records", {"--count", "1200", "--holder", "Billing", "--ttl", "90d"});
  CHECK(done["issued"] == 1200);
  CHECK(done["entries"].size() == 2);
  const auto records = site.lines("records");
  REQUIRE(records.size() == 1200);
  std::set<std::string> ids;
  for (const auto& record : records) ids.insert(record["id"].get<std::string>());
  CHECK(ids.size() == 1200);
  site.shop().must("test $(stat -c %a records) = 600");
  site.look(R"py(
rows = db.execute("SELECT id, wrapped, wrapped_sha256, holder, kept, mechanism FROM dek ORDER BY id").fetchall()
records = [json.loads(line) for line in open("records")]
assert [(r["id"], base64.b64decode(r["wrapped"]), r["sha256"]) for r in sorted(records, key=lambda r: r["id"])] == [
    row[:3] for row in rows]
assert {(row[3], row[4], row[5], len(row[1])) for row in rows} == {("Billing", "here", "aes-kw", 40)}
told = parts("dek-issue")
assert [t["records"] for t in told] == [1000, 200]
assert [(t["records"], t["parts"]) for t in results("dek-issue")] == [(1200, 2)]
assert sorted((d["id"], d["sha256"]) for t in told for d in t["deks"]) == [(row[0], row[2]) for row in rows]
asked, = [e for e in log if e.get("act") == "dek-issue" and e["event"] == "intent"]
assert asked["also"] == ["dek"] and asked["request"]["count"] == 1200
assert [e["part"] for e in log if e["event"] == "part"] == [1, 2]
assert not os.path.exists("site/under-way/" + asked["run"])
)py");
  CHECK(site.shop().naming("payments|Acme|billing", "site/transcript") == "");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
  const Json page = site.must("dek", Words{"list", "--limit", "700"} + kOfPayments);
  CHECK(page["deks"].size() == 700);
  const Json rest =
      site.must("dek", Words{"list", "--after", page["next"].get<std::string>()} + kOfPayments);
  CHECK(rest["deks"].size() == 500);
  CHECK(rest["next"].is_null());
  const Json shown = site.must("dek", {"show", records.front()["id"].get<std::string>()});
  CHECK(parse_json(as_bytes(shown["record"].get<std::string>()), "record") == records.front());
}

TEST_CASE("A data key is given out to a new file, logged and counted, and is the same each time") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("records", {"--count", "2"});
  const std::string id = site.lines("records")[0]["id"];
  const Json done =
      site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("keys")}));
  CHECK(done["opened"] == 2);
  (void)site.must("dek", site.unwrap({"--id", id, "--out", site.path("again")}));
  site.shop().must("test $(stat -c %a keys) = 600");
  const auto keys = site.lines("keys");
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == site.lines("again")[0]);
  CHECK(keys[0]["key"] != keys[1]["key"]);
  CHECK(from_base64(keys[0]["key"].get<std::string>(), "key").size() == 32);
  site.look(R"py(
assert db.execute("SELECT sum(unwraps) FROM unwrap_count").fetchone() == (3,)
told = results("dek-unwrap")
assert [t["opened"] for t in told] == [2, 1] and all(len(t["text_sha256"]) == 64 for t in told)
assert parts("dek-unwrap")[1]["deks"] == [{"id": json.loads(open("records").readline())["id"]}]
secret = base64.b64decode(json.loads(open("keys").readline())["key"])
for where in ("site/registry.sqlite", "site/transcript/log.jsonl"):
    content = open(where, "rb").read()
    assert secret not in content and base64.b64encode(secret) not in content and secret.hex().encode() not in content
)py");
  CHECK(site.shop().naming("a test", "site/transcript") == "");
}

TEST_CASE("What must not be opened has its reason in its line, and the others are opened") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("kept", {"--count", "2", "--kept-by-caller"});
  (void)site.issue("short", {"--ttl", "1s"});
  const std::string kept = site.lines("kept")[0]["id"];
  const Words out{"--out", site.path("no")};
  site.refused(site.unwrap(Words{"--id", kept} + out), 1, "dek-record-needed");
  site.refused(site.unwrap(Words{"--id", "00112233445566778899aabbccddeeff"} + out), 2,
               "dek-unknown");
  site.refused(site.unwrap(Words{"--id", kept, "--from", site.path("kept")} + out), 2,
               "dek-none-given");
  site.shop().must("sleep 1.1");
  site.refused(site.unwrap(Words{"--from", site.path("short")} + out), 1, "dek-expired");
  (void)site.issue("long");
  site.shop().must("cat short long > mixed");
  site.refused(site.unwrap({"--from", site.path("mixed"), "--out", site.path("mixed-keys")}), 1,
               "deks-not-opened");
  CHECK(site.lines("mixed-keys")[0]["error"] == "dek-expired");
  CHECK(site.lines("mixed-keys")[1].contains("key"));
  site.add_tenant("Umbrella", "vault");
  site.refused(
      {"unwrap", "--tenant", "Umbrella", "--reason", "r", "--id", kept, "--out", site.path("no")},
      1, "dek-other-tenant");
  // A record of one id under the bytes of another.
  site.shop().must(R"(python3 -c '
import json
a, b = [json.loads(line) for line in open("kept")]
a["wrapped"], a["sha256"] = b["wrapped"], b["sha256"]
print(json.dumps(a)); print(json.dumps(b))' > swapped)");
  site.refused(site.unwrap({"--from", site.path("swapped"), "--out", site.path("both")}), 6,
               "deks-suspect");
  const auto both = site.lines("both");
  CHECK(both[0]["error"] == "dek-record-differs");
  CHECK(both[1].contains("key"));
  site.shop().put("not-records", as_bytes("{\"dek\":2}\n"));
  site.refused(site.unwrap(Words{"--from", site.path("not-records")} + out), 3,
               "dek-record-version");
  site.shop().put("not-records", as_bytes("{\"dek\":1}\n"));
  site.refused(site.unwrap(Words{"--from", site.path("not-records")} + out), 3,
               "dek-record-invalid");
  (void)site.must("dek", {"prune"});
  site.look("assert db.execute('SELECT count(*) FROM dek').fetchone() == (3,)");
  site.shop().must("test ! -e no");
}

TEST_CASE("Plaintext goes to a pipe, and not to a terminal or a device") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("records");
  const auto words = site.unwrap({"--from", site.path("records"), "--site", site.scene.site()}) +
                     kOlga + Words{"--pin-file", site.path("pin")};
  std::string line = tool_path("dek");
  for (const auto& word : words) line += " '" + word + "'";
  site.shop().must(line +
                   " | python3 -c 'import base64,json,sys; "
                   "assert len(base64.b64decode(json.load(sys.stdin)[\"key\"])) == 32'");
  site.refused(site.unwrap({"--from", site.path("records")}), 2, "json-needs-out");
  // A reader that is gone: the log has it, and nobody has the key.
  site.shop().must("{ " + line + " 2> why; echo $? > code; } | true; test $(cat code) = 8");
  CHECK(as_text(site.shop().must("grep -o 'deks-not-given-out' why | head -n 1")) ==
        std::string("deks-not-given-out") + "\n");
  site.shop().must("! " + line + " > /dev/null 2> why");
  CHECK(as_text(site.shop().must("cat why")).find("is not a pipe") != std::string::npos);
}

TEST_CASE("A record that the registry has changed, or that is another's, is not opened") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("records", {"--count", "2"});
  const std::string id = site.lines("records")[0]["id"];
  const Words words = site.unwrap({"--id", id, "--out", site.path("no")});
  site.look("db.execute('UPDATE dek SET wrapped = zeroblob(40)'); db.commit()");
  site.refused(words, 6, "dek-other-bytes");
  site.look(
      "db.execute('UPDATE dek SET wrapped_sha256 = ?', "
      "[hashlib.sha256(bytes(40)).hexdigest()]); db.commit()");
  site.refused(words, 6, "data-key-record-bad");
}

TEST_CASE(
    "What key activate and dek print with --json has the shape that docs/formats/json.md shows") {
  const Issued site(false);
  if (!site.ready()) return;
  const auto check = [&](const char* name, const std::string& tool, const Words& words) {
    CAPTURE(name);
    const auto done = site.scene.run(tool, words + kOlga);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  };
  check("key-activate-result", "key", {"activate", "payments", "--tenant", "Acme"});
  check(
      "dek-issue-result", "dek",
      Words{"issue", "--out", site.path("records"), "--ttl", "90d", "--holder", "b"} + kOfPayments);
  check("dek-unwrap-result", "dek",
        site.unwrap({"--from", site.path("records"), "--out", site.path("keys")}));
  check("dek-rewrap-result", "dek", Words{"rewrap"} + kOfPayments);
  check("dek-show-result", "dek", {"show", site.lines("records")[0]["id"].get<std::string>()});
  check("dek-list-result", "dek", Words{"list"} + kOfPayments);
  check("dek-prune-result", "dek", {"prune"});
}

TEST_CASE("Data keys move to the active version, stay what they are, and moving is done once") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("here", {"--count", "3"});
  (void)site.issue("kept", {"--count", "2", "--kept-by-caller"});
  site.shop().must("cat here kept > all");
  (void)site.must("dek", site.unwrap({"--from", site.path("all"), "--out", site.path("before")}));
  const Words rewrap = Words{"rewrap"} + kOfPayments;
  site.deactivate(1);
  site.refused(rewrap, 1, "version-none-active");
  (void)site.must("generate-kek", kOfPayments);
  (void)site.must("key", {"activate", "payments", "--tenant", "Acme"});
  CHECK(site.must("dek", rewrap)["moved"] == 3);
  CHECK(site.must("dek", rewrap)["moved"] == 0);
  const Words kept = rewrap + Words{"--from", site.path("kept"), "--out"};
  CHECK(site.must("dek", kept + Words{site.path("kept-2")})["moved"] == 2);
  const Json again = site.must("dek", kept + Words{site.path("kept-3")});
  CHECK(again["moved"] == 0);
  CHECK(again["again"] == 2);
  site.shop().must("cmp kept-2 kept-3");
  Words out{"--out", site.path("after-here")};
  for (const auto& record : site.lines("here"))
    out = out + Words{"--id", record["id"].get<std::string>()};
  (void)site.must("dek", site.unwrap(out));
  (void)site.must("dek",
                  site.unwrap({"--from", site.path("kept-2"), "--out", site.path("after-kept")}));
  site.shop().must("cat after-here after-kept | cmp - before");
  // The record from before is an older one now.
  site.refused(site.unwrap({"--from", site.path("kept"), "--out", site.path("no")}), 6,
               "deks-suspect");
  site.look(R"py(
assert db.execute("SELECT number, revision, count(*) FROM dek GROUP BY number, revision").fetchall() == [(2, 2, 5)]
assert [t["records"] for t in results("dek-rewrap")] == [3, 0, 2, 0]
assert [t["records"] for t in parts("dek-rewrap")] == [3, 2, 0]
)py");
  site.refused(rewrap + Words{"--from", site.path("kept")}, 2, "dek-file-pair");
}

TEST_CASE("Data keys that make no sense are refused, each with its code") {
  const Issued site;
  if (!site.ready()) return;
  const Words issue = Words{"issue", "--out", site.path("no")} + kOfPayments;
  site.refused(issue + Words{"--bytes", "20"}, 2, "dek-bytes");
  site.refused(issue + Words{"--count", "0"}, 2, "dek-count");
  site.refused(issue + Words{"--ttl", "soon"}, 2, "value-not-allowed");
  site.refused(issue + Words{"--holder", "a\nb"}, 2, "name-invalid");
  site.refused({"show", "00112233445566778899aabbccddeeff"}, 2, "dek-unknown");
  (void)site.must("key",
                  {"add", "sign", "--tenant", "Acme", "--type", "rsa-2048", "--usage", "sign"});
  site.refused({"issue", "--out", site.path("no"), "--tenant", "Acme", "--key", "sign"}, 1,
               "key-wraps-nothing");
  (void)site.issue("there");
  site.refused(Words{"issue", "--out", site.path("there")} + kOfPayments, 2, "output-exists");
  (void)site.must("tenant", {"suspend", "Acme", "--reason", "r"});
  site.refused(issue, 1, "tenant-not-active");
  site.shop().must("test ! -e no");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
