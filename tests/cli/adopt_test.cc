// Keys that belong to no tenant: what generate-kek and wrap-for-import leave in the registry, and
// how such a key, or one that only the log knows, becomes a tenant's. What the registry has is read
// by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

struct Unowned {
  SiteRoom scene{};
  Unowned() {
    if (ready()) (void)scene.must("tenant", Words{"add", "Acme", "--owner", "Ada"} + kOlga);
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json make(const std::string& label, const std::string& type = "aes-256",
            const Words& more = {}) const {
    return scene.must("generate-kek",
                      Words{"--type", type, "--label", label, "--for", "aws"} + more + kOlga);
  }
  Json adopt(const Words& words) const {
    return scene.must("inventory", Words{"adopt", "--tenant", "Acme"} + words + kOlga);
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("inventory", Words{"adopt", "--tenant", "Acme"} + words + kOlga),
                  exit_code, code);
  }
  std::string look(const std::string& program) const {
    shop().put("look.py", as_bytes("import json, sqlite3, sys\n"
                                   "db = sqlite3.connect('site/registry.sqlite')\n" +
                                   program));
    return as_text(shop().must("python3 look.py"));
  }
  Json wrap(const std::string& label, const std::string& out) const {
    Words words = scene.room().wrap_for_aws("good.json", label, out);
    words.erase(words.begin());
    return scene.must("wrap-for-import", words + kOlga);
  }
  // As if the act that made the key had been killed: the registry never heard of it.
  void forget_rows() const { shop().must("cp site/registry.sqlite before.sqlite"); }
};

TEST_CASE("What is made without a tenant is on record as belonging to none") {
  const Unowned site;
  if (!site.ready()) return;
  const Json made = site.make("old");
  (void)site.wrap("old", "old.aws");
  CHECK(site.look(R"py(
import hashlib
none = "0" * 32
key, = db.execute("SELECT id, name, type, usage FROM tenant_key WHERE tenant_id = ?", [none]).fetchall()
assert key[1:] == ("old", "aes-256", "encrypt"), key
version, = db.execute("SELECT number, state, cka_id, origin FROM version WHERE key_id = ?", [key[0]]).fetchall()
assert version[:2] == (1, "pre-activation") and version[3] == "logged"
copies = sorted(db.execute("SELECT form, state, sha256 FROM key_copy WHERE key_id = ?", [key[0]]).fetchall())
manifest = hashlib.sha256(open("old.aws/manifest.json", "rb").read()).hexdigest()
assert copies == [("bundle", "given-away", manifest), ("token", "present", None)], copies
print(version[2], end="")
)py") == made["id"].get<std::string>());
  site.shop().must("! grep -rqaw old site/transcript");
  const Json listed = site.scene.must("inventory", {"list"});
  CHECK(listed["keys"].size() == 1);
}

TEST_CASE("A key of no tenant becomes a tenant's, with its bundles, once") {
  const Unowned site;
  if (!site.ready()) return;
  const Json made = site.make("old");
  (void)site.wrap("old", "old.aws");
  site.shop().must("cp site/registry.sqlite before.sqlite");
  const Json done = site.adopt({"--label", "old", "--key", "payments"});
  CHECK(done["number"] == 1);
  CHECK(done["state"] == "pre-activation");
  CHECK(done["known_to"] == "registry");
  CHECK(done["id"] == made["id"]);
  CHECK(document_shape(Json{{"keyrite", "inventory"}, {"version", 1}, {"result", done}}) ==
        document_shape(documented_example("inventory-adopt-result")));
  const std::string whose = R"py(
print(json.dumps(db.execute("SELECT t.id = k.tenant_id, k.name, v.number, count(c.id) FROM tenant_key k "
    "JOIN tenant t ON t.owner = 'Ada' JOIN version v ON v.key_id = k.id JOIN key_copy c ON c.key_id = k.id "
    "GROUP BY k.id").fetchall()))
)py";
  CHECK(site.look(whose) == "[[1, \"payments\", 1, 2]]\n");
  // The log has no name, and a registry from before is brought up to it.
  CHECK(site.shop().naming("payments|Acme", "site/transcript") == "");
  site.shop().must("cp site/registry.sqlite after.sqlite; cp before.sqlite site/registry.sqlite");
  (void)site.scene.must("resume", kOlga);
  site.shop().must("cp after.sqlite site/registry.sqlite");
  site.refused({"--label", "old", "--key", "other"}, 1, "key-of-tenant");
  site.refused({"--label", "old", "--key=-x"}, 2, "name-dash");
  // From now on it leaves the token as its tenant's alone.
  Words words = site.scene.room().wrap_for_aws("good.json", "old", "again.aws");
  words.erase(words.begin());
  site.scene.refused(site.scene.run("wrap-for-import", words + kOlga), 1, "key-of-tenant");
  site.shop().must("test ! -e again.aws");
  (void)site.make("new");
  site.refused({"--label", "new", "--key", "payments"}, 1, "key-exists");
  (void)site.scene.must("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga);
}

TEST_CASE("A key that only the log knows becomes the next version of a key") {
  const Unowned site;
  if (!site.ready()) return;
  (void)site.scene.must("key", Words{"add", "payments", "--tenant", "Acme", "--type", "aes-256",
                                     "--usage", "encrypt"} +
                                   kOlga);
  (void)site.scene.must(
      "key",
      Words{"add", "signing", "--tenant", "Acme", "--type", "ec-p256", "--usage", "sign"} + kOlga);
  (void)site.scene.must(
      "key",
      Words{"add", "wrapping", "--tenant", "Acme", "--type", "aes-256", "--usage", "wrap"} + kOlga);
  // As when its making was killed: the rows of its entry are in no registry.
  const Json made = site.make("orphan");
  site.look(R"py(
db.execute("PRAGMA foreign_keys = OFF")
for name, sql in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall():
    db.execute("DROP TRIGGER " + name)
    db.execute("CREATE TABLE IF NOT EXISTS temp.kept (sql TEXT)")
    db.execute("INSERT INTO temp.kept VALUES (?)", [sql])
for table in ("key_copy", "check_value", "version"):
    db.execute("DELETE FROM " + table)
db.execute("DELETE FROM tenant_key WHERE name = 'orphan'")
db.execute("DELETE FROM state_event WHERE kind IN ('version', 'copy')")
for sql, in db.execute("SELECT sql FROM temp.kept").fetchall():
    db.execute(sql)
db.commit()
)py");
  site.refused({"--label", "orphan", "--key", "unknown"}, 2, "key-unknown");
  site.refused({"--label", "orphan", "--key", "signing"}, 2, "type-not-of-key");
  site.refused({"--label", "orphan", "--key", "wrapping"}, 2, "usage-not-of-key");
  const Json done = site.adopt({"--id", made["id"].get<std::string>(), "--key", "payments"});
  CHECK(done["known_to"] == "log");
  CHECK(done["number"] == 1);
  CHECK(done["origin"]["origin"] == "logged");
  (void)site.scene.must("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga);
  CHECK(site.look(R"py(
print(db.execute("SELECT state, cka_id FROM version").fetchall()[0][1], end="")
)py") == made["id"].get<std::string>());
}

TEST_CASE("A key that nobody logged is not adopted, and a destroyed one is an alarm") {
  const Unowned site;
  if (!site.ready()) return;
  // Made outside of the site.
  site.scene.room().make_key("aes-256", "foreign", {"--id", "0a0b0c"});
  (void)site.scene.must("key", Words{"add", "payments", "--tenant", "Acme", "--type", "aes-256",
                                     "--usage", "encrypt"} +
                                   kOlga);
  site.refused({"--label", "foreign", "--key", "payments"}, 1, "key-not-logged");
  site.refused({"--key", "payments"}, 2, "target-not-named");
  site.refused({"--label", "absent", "--key", "payments"}, 4, "object-not-found");
  const Json made = site.make("gone");
  site.look(R"py(
(key, number), = db.execute("SELECT key_id, number FROM version").fetchall()
copy, = db.execute("SELECT id FROM key_copy").fetchall()[0]
leaf = db.execute("SELECT at_ms, actor, log_seq, log_leaf FROM state_event ORDER BY log_seq DESC").fetchall()[0]
def move(kind, subject, number, steps):
    for seq, (before, after) in enumerate(steps, 2):
        db.execute("INSERT INTO state_event (kind, subject, number, seq, before_seq, from_state, to_state, at_ms, "
                   "actor, log_seq, log_leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   [kind, subject, number, seq, seq - 1, before, after, *leaf])
        table, where = {"copy": ("key_copy", "id = ?"), "version": ("version", "key_id = ?")}[kind]
        db.execute("UPDATE " + table + " SET state = ?, state_seq = ? WHERE " + where, [after, seq, subject])
move("copy", copy, 0, [("present", "destruction-pending"), ("destruction-pending", "destroyed")])
move("version", key, number, [("pre-activation", "destroyed")])
db.commit()
)py");
  site.refused({"--label", "gone", "--key", "new"}, 6, "destroyed-found");
  // Nor does it leave the token.
  Words words = site.scene.room().wrap_for_aws("good.json", "gone", "gone.aws");
  words.erase(words.begin());
  site.scene.refused(site.scene.run("wrap-for-import", words + kOlga), 6, "destroyed-found");
  site.shop().must("test ! -e gone.aws");
}

TEST_CASE("Another key under the id of one on record is not adopted") {
  const Unowned site;
  if (!site.ready()) return;
  (void)site.make("old");
  site.look("db.execute(\"UPDATE check_value SET value = '000000'\"); db.commit()");
  site.refused({"--label", "old", "--key", "payments"}, 6, "version-differs");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
