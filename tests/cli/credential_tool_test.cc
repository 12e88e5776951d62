// Credentials of tenants as an operator seals and opens them; what registry and log have is read by
// python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kStripe{"--tenant", "Acme", "--service", "stripe", "--environment", "production"};
constexpr const char* kLater = "2199-03-01T00:00:00Z";

struct SealedSite {
  SiteRoom scene{};
  SealedSite() {
    if (!ready()) return;
    add_tenant("Acme", "payments");
    shop().put("secret", as_bytes("sk_live_0123456789abcdef"));
    shop().must("chmod 600 secret");
  }
  void add_tenant(const std::string& tenant, const std::string& key) const {
    (void)must("tenant", {"add", tenant, "--owner", "Ada"});
    (void)must("key", {"add", key, "--tenant", tenant, "--type", "aes-256"});
    next_version(tenant, key);
  }
  void next_version(const std::string& tenant, const std::string& key) const {
    (void)must("generate-kek", {"--tenant", tenant, "--key", key});
    (void)must("key", {"activate", key, "--tenant", tenant});
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  Json must(const std::string& tool, const Words& words) const {
    return scene.must(tool, words + kOlga);
  }
  [[nodiscard]] ProgramRun run(const Words& words, const std::string& input = {}) const {
    return scene.run("credential", words + kOlga, {.input = input});
  }
  void refused(const Words& words, int exit_code, const std::string& code,
               const std::string& input = {}) const {
    CAPTURE(code);
    scene.refused(run(words, input), exit_code, code);
  }
  [[nodiscard]] Words seal(const Words& more = {}) const {
    return Words{"seal", "--key", "payments", "--secret-file", path("secret")} + kStripe + more;
  }
  [[nodiscard]] Words open(const std::string& out) const {
    return Words{"open", "--reason", "a test", "--out", path(out)} + kStripe;
  }
  // What came out into a new file.
  [[nodiscard]] std::string opened(const std::string& out) const {
    (void)must("credential", open(out));
    shop().must("test $(stat -c %a " + out + ") = 600");
    return as_text(shop().must("cat " + out));
  }
  // A python3 program that has `db`, the registry, and `log`.
  void look(const std::string& program) const {
    shop().put("look.py",
               as_bytes("import hashlib, json, sqlite3\n"
                        "db = sqlite3.connect('site/registry.sqlite')\n"
                        "log = [json.loads(line) for line in open('site/transcript/log.jsonl')]\n"
                        "def results(act): return [e['facts'] for e in log if e.get('act') == act "
                        "and e['event'] == 'result' and e['outcome'] == 'done']\n" +
                        program));
    shop().must("python3 look.py");
  }
};

TEST_CASE(
    "A credential is sealed, opened to a new file, logged and counted, and nowhere in clear") {
  const SealedSite site;
  if (!site.ready()) return;
  const Json done = site.must(
      "credential", site.seal({"--scope", "charges", "--owner", "Grace", "--expires", kLater}));
  CHECK(done["version"] == 1);
  CHECK(done["expires"] == kLater);
  CHECK(site.opened("out") == "sk_live_0123456789abcdef");
  const Json shown = site.must("credential", Words{"show"} + kStripe);
  CHECK(shown["standing"] == "good");
  CHECK(shown["opened"].is_string());
  site.look(R"py(
(iv, sealed, wrapped, opened, kept), = db.execute(
    "SELECT c.iv, c.sealed, d.wrapped, c.opened_ms, d.kept FROM credential c JOIN dek d ON d.id = c.dek_id").fetchall()
assert len(iv) == 12 and len(sealed) == 24 + 16 and len(wrapped) == 40 and kept == "here" and opened > 0
assert db.execute("SELECT sum(unwraps) FROM unwrap_count").fetchone() == (1,)
made, = results("credential-seal")
assert made["sealed_sha256"] == hashlib.sha256(sealed).hexdigest()
assert made["wrapped_sha256"] == hashlib.sha256(wrapped).hexdigest()
given, = results("credential-open")
assert len(given["text_sha256"]) == 64 and given["changes"][0]["credential"]["became"] == "opened"
asked = [e for e in log if e.get("act") == "credential-seal" and e["event"] == "intent"]
assert asked[0]["also"] == ["credential"] and "secret-file" not in asked[0]["request"]
secret = open("secret", "rb").read()
import base64, os
for folder, _, files in os.walk("site"):
    for name in files:
        content = open(os.path.join(folder, name), "rb").read()
        for form in (secret, base64.b64encode(secret), secret.hex().encode(), hashlib.sha256(secret).hexdigest().encode()):
            assert form not in content, name
)py");
  CHECK(site.shop().naming("payments|Acme|stripe|charges|grace|a test", "site/transcript") == "");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("Every byte of a secret is kept, and it comes from a pipe, a descriptor or a file") {
  const SealedSite site;
  if (!site.ready()) return;
  const Bytes bytes{'l', '\n', 0, 0xff, ' ', 0, '\n'};
  site.shop().put("secret", bytes);
  (void)site.must("credential", site.seal());
  (void)site.opened("out");
  site.shop().must("cmp out secret");
  const auto rotate = Words{"rotate"} + kStripe;
  REQUIRE(site.run(rotate, "a line\n").exit_code == 0);
  CHECK(site.opened("out-1") == "a line\n");
  REQUIRE(site.run(rotate + Words{"--secret-fd", "0"}, "by descriptor").exit_code == 0);
  CHECK(site.opened("out-2") == "by descriptor");
  const std::string largest(8192, 'x');
  REQUIRE(site.run(rotate, largest).exit_code == 0);
  CHECK(site.opened("out-3") == largest);
  site.refused(rotate, 2, "secret-too-long", largest + "x");
  site.refused(rotate, 2, "secret-empty");
  site.refused(rotate + Words{"--secret-fd", "77"}, 3, "secret-unreadable");
  site.refused(rotate + Words{"--secret-fd", "0", "--secret-file", site.path("secret")}, 2,
               "secret-source-twice");
  site.shop().must("ln -s secret link; cp secret shown; chmod 640 shown");
  site.refused(rotate + Words{"--secret-file", site.path("link")}, 3, "secret-unreadable");
  site.refused(rotate + Words{"--secret-file", site.path("shown")}, 3, "secret-file-mode");
  CHECK(site.opened("out-4") == largest);
}

TEST_CASE("The secret goes to a pipe, and not to a terminal, and comes from none") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  const auto line_of = [&](const Words& words) {
    std::string line = tool_path("credential");
    for (const auto& word :
         words + kOlga + Words{"--site", site.scene.site()} + Words{"--pin-file", site.path("pin")})
      line += " '" + word + "'";
    return line;
  };
  const Words open = Words{"open", "--reason", "a test"} + kStripe;
  site.shop().must(line_of(open) + " 2> why | cmp - secret");
  site.refused(open, 2, "json-needs-out");
  site.shop().must("! " + line_of(open) + " > /dev/null 2> why");
  CHECK(as_text(site.shop().must("cat why")).find("is not a pipe") != std::string::npos);
  site.shop().must("{ " + line_of(open) +
                   " 2> why; echo $? > code; } | true; test $(cat code) = 8");
  CHECK(as_text(site.shop().must("grep -o 'credential-not-given-out' why | head -n 1")) ==
        std::string("credential-not-given-out") + "\n");
  site.shop().put("typed.py",
                  as_bytes("import pty, sys\nsys.exit(pty.spawn(sys.argv[1:]) >> 8)\n"));
  site.shop().must("! python3 typed.py " + line_of(Words{"rotate"} + kStripe) +
                   " < /dev/null > why");
  CHECK(as_text(site.shop().must("cat why")).find("secret-from-terminal") != std::string::npos);
}

TEST_CASE("One for each service and environment, rotate keeps the id and erases the old secret") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal({"--owner", "Grace", "--scope", "charges"}));
  site.refused(site.seal(), 1, "credential-exists");
  (void)site.must("credential",
                  Words{"seal", "--key", "payments", "--tenant", "Acme", "--service", "stripe",
                        "--environment", "test", "--secret-file", site.path("secret")});
  const Json before = site.must("credential", Words{"show"} + kStripe);
  site.shop().put("next", as_bytes("sk_live_next"));
  site.shop().must("chmod 600 next");
  const Words rotate =
      Words{"rotate", "--secret-file", site.path("next"), "--rotate-by", kLater} + kStripe;
  const Json done = site.must("credential", rotate);
  CHECK(done["id"] == before["id"]);
  CHECK(done["owner"] == "Grace");
  CHECK(done["scope"] == "charges");
  CHECK(site.opened("out") == "sk_live_next");
  const Json after = site.must("credential", Words{"show"} + kStripe);
  CHECK(after["dek"] != before["dek"]);
  CHECK(after["rotate_by"] == kLater);
  site.look(
      "assert db.execute('SELECT kept, wrapped IS NULL, count(*) FROM dek GROUP BY kept "
      "ORDER BY kept').fetchall() == [('gone', 1, 1), ('here', 0, 2)]");
  // Its data key is of no use to dek.
  site.scene.refused(
      site.scene.run("dek", Words{"unwrap", "--tenant", "Acme", "--reason", "r", "--id",
                                  after["dek"].get<std::string>(), "--out", site.path("no")} +
                                kOlga),
      1, "dek-of-credential");
  (void)site.must("tenant", {"hold", "Acme", "--authority", "court", "--reason", "case"});
  site.refused(rotate, 1, "legal-hold");
  CHECK(site.opened("out-2") == "sk_live_next");
}

TEST_CASE("A rotation of the KEK moves credentials and changes nothing of what is sealed") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  site.look(
      "open('before', 'wb').write(db.execute('SELECT sealed FROM credential').fetchone()[0])");
  (void)site.must("key", {"set-deactivation", "payments", "--tenant", "Acme", "--key-version", "1",
                          "--reason", "r"});
  site.next_version("Acme", "payments");
  CHECK(site.must("dek", {"rewrap", "--tenant", "Acme", "--key", "payments"})["moved"] == 1);
  CHECK(site.must("credential", Words{"show"} + kStripe)["version"] == 2);
  CHECK(site.opened("out") == "sk_live_0123456789abcdef");
  site.look(
      "assert open('before', 'rb').read() == "
      "db.execute('SELECT sealed FROM credential').fetchone()[0]");
}

TEST_CASE("What is revoked, expired or under a suspended version is not opened") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  (void)site.must(
      "key", {"suspend", "payments", "--tenant", "Acme", "--key-version", "1", "--reason", "r"});
  site.refused(site.open("no"), 1, "version-not-opening");
  (void)site.must(
      "key", {"resume", "payments", "--tenant", "Acme", "--key-version", "1", "--reason", "r"});
  const Json done =
      site.must("credential", Words{"revoke", "--reason", "contract ended"} + kStripe);
  CHECK(done["erased"] == true);
  site.refused(site.open("no"), 1, "credential-revoked");
  site.refused(Words{"revoke", "--reason", "r"} + kStripe, 1, "credential-revoked");
  // The row alone brings nothing back.
  site.look("db.execute('UPDATE credential SET revoked_ms = NULL'); db.commit()");
  site.refused(site.open("no"), 1, "credential-erased");
  site.look("db.execute('UPDATE credential SET revoked_ms = 1'); db.commit()");
  site.look(R"py(
told, = results("credential-revoke")
assert told["changes"][0]["credential"]["became"] == "revoked"
assert db.execute("SELECT kept FROM dek").fetchall() == [("gone",)]
)py");
  CHECK(site.must("credential", {"list", "--tenant", "Acme"})["credentials"].empty());
  CHECK(site.must("credential", {"list", "--tenant", "Acme",
                                 "--revoked"})["credentials"][0]["standing"] == "revoked");
  (void)site.must("credential", site.seal({"--expires", kLater}));
  site.look(
      "db.execute('UPDATE credential SET expires_ms = 1 WHERE revoked_ms IS NULL'); "
      "db.commit()");
  site.refused(site.open("no"), 1, "credential-expired");
  site.shop().must("test ! -e no");
}

TEST_CASE("A sealed record in another row, or a row that was changed, does not open") {
  const SealedSite site;
  if (!site.ready()) return;
  site.add_tenant("Umbrella", "vault");
  (void)site.must("credential", site.seal({"--expires", kLater, "--scope", "read"}));
  const Words other{"--tenant", "Acme", "--service", "github", "--environment", "production"};
  site.shop().put("other", as_bytes("ghp_0123456789"));
  site.shop().must("chmod 600 other");
  (void)site.must("credential",
                  Words{"seal", "--key", "payments", "--secret-file", site.path("other")} + other);
  (void)site.must("credential",
                  Words{"seal", "--key", "vault", "--secret-file", site.path("other"), "--tenant",
                        "Umbrella", "--service", "stripe", "--environment", "production"});
  site.shop().must("cp site/registry.sqlite kept");
  const auto changed = [&](const std::string& statement, int exit_code, const std::string& code) {
    CAPTURE(statement);
    site.look(
        "db.execute('PRAGMA foreign_keys = OFF')\n"
        "for name, in db.execute(\"SELECT name FROM sqlite_schema WHERE type = 'trigger' AND "
        "tbl_name IN ('credential', 'dek')\").fetchall():\n"
        "    text, = db.execute('SELECT sql FROM sqlite_schema WHERE name = ?', "
        "[name]).fetchone()\n"
        "    db.execute('DROP TRIGGER ' + name); made = globals().setdefault('made', []); "
        "made.append(text)\n"
        "A, B, C = [dict(zip(('id', 'dek', 'iv', 'sealed', 'tenant'), row)) for row in "
        "db.execute(\"SELECT c.id, c.dek_id, c.iv, c.sealed, c.tenant_id FROM credential c JOIN "
        "pseudonym p ON p.pseudonym = c.tenant_id ORDER BY p.name, c.service DESC\")]\n" +
        statement + "\nfor text in made: db.execute(text)\ndb.commit()\n");
    site.refused(site.open("no"), exit_code, code);
    site.shop().must("test ! -e no && cp kept site/registry.sqlite");
    (void)site.must("resume", {});
  };
  const auto set = [](const std::string& what, const std::string& values) {
    return "db.execute('UPDATE credential SET " + what + " WHERE id = ?', [" + values +
           ", A['id']])";
  };
  // Only the bytes, with or without the data key; of the same tenant and of another.
  for (const std::string from : {"B", "C"}) {
    changed(set("iv = ?, sealed = ?", from + "['iv'], " + from + "['sealed']"), 6,
            "sealed-record-bad");
    changed("db.execute('UPDATE credential SET dek_id = \"\" WHERE id = ?', [" + from +
                "['id']])\n" +
                set("iv = ?, sealed = ?, dek_id = ?",
                    from + "['iv'], " + from + "['sealed'], " + from + "['dek']"),
            from == "B" ? 6 : 1, from == "B" ? "sealed-record-bad" : "dek-other-tenant");
  }
  changed(set("expires_ms = ?", "7258118400000"), 6, "sealed-record-bad");
  changed(set("expires_ms = ?", "None"), 6, "sealed-record-bad");
  changed(set("scope = ?", "'write'"), 6, "sealed-record-bad");
  changed("db.execute('UPDATE dek SET created_ms = created_ms + 1000')", 6, "sealed-record-bad");
  changed("db.execute('UPDATE dek SET wrapped = zeroblob(40)')", 6, "dek-other-bytes");
  changed("db.execute('DELETE FROM dek')", 6, "credential-without-dek");
}

TEST_CASE("Credentials that make no sense are refused, each with its code") {
  const SealedSite site;
  if (!site.ready()) return;
  site.refused(site.open("no"), 2, "credential-unknown");
  site.refused(site.seal({"--expires", "2001-01-01T00:00:00Z"}), 2, "credential-over");
  site.refused(site.seal({"--rotate-by", "2001-01-01T00:00:00Z"}), 2, "credential-over");
  site.refused(site.seal({"--expires", "soon"}), 2, "time-invalid");
  site.refused(site.seal({"--owner", "a\nb"}), 2, "name-invalid");
  site.refused(Words{"seal", "--key", "none", "--secret-file", site.path("secret")} + kStripe, 2,
               "key-unknown");
  (void)site.must("key",
                  {"add", "sign", "--tenant", "Acme", "--type", "rsa-2048", "--usage", "sign"});
  site.refused(Words{"seal", "--key", "sign", "--secret-file", site.path("secret")} + kStripe, 1,
               "key-wraps-nothing");
  (void)site.must("tenant", {"suspend", "Acme", "--reason", "r"});
  site.refused(site.seal(), 1, "tenant-not-active");
  site.shop().must("test ! -e no");
}

TEST_CASE("Under a legal hold a revoked credential stays sealed") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  (void)site.must("tenant", {"hold", "Acme", "--authority", "court", "--reason", "case"});
  const Json done = site.must("credential", Words{"revoke", "--reason", "r"} + kStripe);
  CHECK(done["erased"] == false);
  site.refused(site.open("no"), 1, "credential-revoked");
  site.look("assert db.execute('SELECT kept FROM dek').fetchall() == [('here',)]");
}

TEST_CASE("A tenant that leaves has its credentials revoked, and gets no new ones") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  const Json done = site.must("tenant", {"offboard", "Acme", "--reason", "contract ended"});
  CHECK(done["tenants"][0]["state"] == "offboarding");
  site.refused(site.open("no"), 1, "credential-revoked");
  site.refused(site.seal(), 1, "tenant-not-active");
  site.look(
      "assert db.execute('SELECT kept FROM dek').fetchall() == [('gone',)]\n"
      "told, = results('tenant-offboard')\n"
      "assert told['changes'][0]['state'] == 'offboarding', told");
  (void)site.must("tenant", {"offboard", "Acme", "--end", "--reason", "they stay"});
  site.refused(site.open("no"), 1, "credential-revoked");
  (void)site.must("credential", site.seal());
}

TEST_CASE("Ownerless credentials are due and an alert, and revoked ones are not") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  CHECK(site.must("inventory", {"due"})["due"][0]["what"] == "credential-owner");
  const auto alerts = site.scene.run("inventory", Words{"alerts"} + kOlga);
  CHECK(alerts.exit_code == 6);
  CHECK(parse_json(as_bytes(alerts.out), "output")["result"]["alerts"][0]["what"] ==
        "credential-ownerless");
  (void)site.must("credential", Words{"revoke", "--reason", "r"} + kStripe);
  CHECK(site.must("inventory", {"alerts"})["alerts"].empty());
}

TEST_CASE("An owner that is given later ends the alert") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  (void)site.must("credential", Words{"change", "--owner", "Grace"} + kStripe);
  CHECK(site.must("inventory", {"alerts"})["alerts"].empty());
}

TEST_CASE("An owner is changed alone: nothing that is sealed, and no name in the log") {
  const SealedSite site;
  if (!site.ready()) return;
  const Words change = Words{"change", "--owner", "Grace"} + kStripe;
  site.refused(change, 2, "credential-unknown");
  (void)site.must("credential", site.seal({"--scope", "charges", "--rotate-by", kLater}));
  Json before = site.must("credential", Words{"show"} + kStripe);
  CHECK(before["owner"] == nullptr);
  const Json done = site.must("credential", change);
  CHECK(done["owner"] == "Grace");
  Json after = site.must("credential", Words{"show"} + kStripe);
  CHECK(after["owner"] == "Grace");
  before.erase("owner");
  after.erase("owner");
  CHECK(after == before);
  CHECK(site.opened("out") == "sk_live_0123456789abcdef");
  site.look(R"py(
told, = results("credential-change")
(row, owner), = db.execute("SELECT id, owner FROM credential")
assert owner == "Grace" and told["credential"] == row, told
assert "Grace" not in open("site/transcript/log.jsonl").read()
)py");
  site.refused(Words{"change", "--owner", "a\nb"} + kStripe, 2, "name-invalid");
  (void)site.must("credential", Words{"revoke", "--reason", "r"} + kStripe);
  site.refused(change, 1, "credential-revoked");
}

TEST_CASE("A registry restored from before a revocation revokes it again") {
  const SealedSite site;
  if (!site.ready()) return;
  (void)site.must("credential", site.seal());
  site.shop().must("cp site/registry.sqlite before");
  (void)site.must("credential", Words{"revoke", "--reason", "r"} + kStripe);
  site.shop().must("cp before site/registry.sqlite");
  site.refused(site.open("no"), 8, "registry-behind");
  (void)site.must("resume", {});
  site.refused(site.open("no"), 1, "credential-revoked");
  site.look("assert db.execute('SELECT kept FROM dek').fetchall() == [('gone',)]");
}

TEST_CASE("What credential prints with --json has the shape that docs/formats/json.md shows") {
  const SealedSite site;
  if (!site.ready()) return;
  const auto check = [&](const char* name, const Words& words) {
    CAPTURE(name);
    const auto done = site.run(words);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  };
  const Words told{"--owner", "Ada", "--expires", kLater, "--rotate-by", kLater};
  check("credential-seal-result", site.seal(told));
  check("credential-open-result", site.open("out"));
  check("credential-show-result", Words{"show"} + kStripe);
  check("credential-list-result", {"list", "--tenant", "Acme"});
  check("credential-rotate-result",
        Words{"rotate", "--secret-file", site.path("secret")} + kStripe + told);
  check("credential-change-result", Words{"change", "--owner", "Grace"} + kStripe);
  check("credential-revoke-result", Words{"revoke", "--reason", "r"} + kStripe);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
