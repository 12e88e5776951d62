// Somebody who can write the site's folder puts another registry beside the log, or edits what was
// decided: neither decides anything, and the next act says so.
#include <doctest/doctest.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Registered {
  SiteRoom scene{};
  Registered() {
    if (!ready()) return;
    (void)tenant({"add", "Acme", "--jurisdiction", "eu-central-1"});
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json tenant(const Words& words) const {
    return scene.must("tenant", words + Words{"--operator", "olga@example.org"});
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("tenant", words + Words{"--operator", "olga@example.org"}), exit_code,
                  code);
  }
  void python(const std::string& text) const {
    shop().put("edit.py", as_bytes(text));
    shop().must("python3 edit.py");
  }
};

TEST_CASE("A legal hold that was edited away by hand is not released, changed or shown as none") {
  const Registered site;
  if (!site.ready()) return;
  (void)site.tenant({"hold", "Acme", "--authority", "Court", "--reason", "case"});
  // A whole document, with its own right SHA-256; triggers are put back as they were.
  site.python(R"py(
import hashlib, json, sqlite3
db = sqlite3.connect("site/registry.sqlite")
triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
for name, sql in triggers:
    db.execute(f"DROP TRIGGER {name}")
content, revision = db.execute("SELECT content, revision FROM decision ORDER BY revision DESC").fetchone()
document = json.loads(content)
document["content"]["hold"] = None
text = json.dumps(document, sort_keys=True, separators=(",", ":"))
db.execute("UPDATE decision SET content = ?, sha256 = ? WHERE revision = ?",
           (text, hashlib.sha256(text.encode()).hexdigest(), revision))
for name, sql in triggers:
    db.execute(sql)
db.commit()
)py");
  site.refused({"release", "Acme", "--reason", "gone"}, 6, "decision-edited");
  site.refused({"hold", "Acme", "--authority", "a", "--reason", "b"}, 6, "decision-edited");
  site.refused({"show", "Acme"}, 6, "decision-edited");
}

TEST_CASE("A registry of before: every act but resume refuses, and resume lists what is lost") {
  const Registered site;
  if (!site.ready()) return;
  site.shop().must("cp site/registry.sqlite older");
  (void)site.tenant({"add", "Zwicky"});
  site.shop().must("cp site/registry.sqlite newer && cat older > site/registry.sqlite");
  site.refused({"suspend", "Acme", "--reason", "r"}, 8, "registry-behind");
  const auto key =
      site.scene.run("generate-kek", {"--type", "aes-256", "--label", "k", "--for", "aws"});
  site.scene.refused(key, 8, "registry-behind");
  const Json resumed = site.scene.must("resume", {});
  CHECK(resumed["registry"]["unknown"].size() == 1);
  CHECK(site.tenant({"list"})["tenants"].size() == 1);
  (void)site.tenant({"suspend", "Acme", "--reason", "r"});
}

TEST_CASE("A log of before beside a registry that knows more: an older registry is the way out") {
  const Registered site;
  if (!site.ready()) return;
  // Both entries are not signed yet, so nothing but the registry has seen them.
  site.shop().must("cp site/transcript/log.jsonl log && cp site/registry.sqlite older");
  (void)site.tenant({"add", "Zwicky"});
  site.shop().must("cat log > site/transcript/log.jsonl");
  site.refused({"suspend", "Acme", "--reason", "r"}, 6, "registry-ahead");
  const auto resumed = site.scene.run("resume", {});
  site.scene.refused(resumed, 6, "registry-ahead");
  site.shop().must("rm site/registry.sqlite && cp older site/registry.sqlite");
  CHECK(site.scene.must("resume", {})["registry"]["unknown"].empty());
  (void)site.tenant({"suspend", "Acme", "--reason", "r"});
}

TEST_CASE("Another site's registry") {
  const Registered site;
  if (!site.ready()) return;
  site.python(R"py(
import sqlite3
db = sqlite3.connect("site/registry.sqlite")
triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
for name, sql in triggers:
    db.execute(f"DROP TRIGGER {name}")
db.execute("UPDATE log_position SET leaf = ?", ("0" * 64,))
for name, sql in triggers:
    db.execute(sql)
db.commit()
)py");
  site.refused({"suspend", "Acme", "--reason", "r"}, 6, "registry-of-other-log");
}

TEST_CASE("An act that was killed between its rows and its entry: resume takes the rows back") {
  const Registered site;
  if (!site.ready()) return;
  site.python(R"py(
import sqlite3
db = sqlite3.connect("site/registry.sqlite")
db.execute("INSERT INTO batch (id, run, part, act, records, manifest_sha256, opened_ms, outcome) "
           "VALUES (?, ?, 0, 'tenant-add', 1, ?, 1, 'open')", ("a" * 32, "b" * 32, "c" * 64))
db.commit()
)py");
  const Json resumed = site.scene.must("resume", {});
  CHECK(resumed["registry"]["settled"] == Json{std::string(32, 'a')});
  site.python(
      "import sqlite3\nassert sqlite3.connect('site/registry.sqlite').execute(\"SELECT count(*) "
      "FROM "
      "batch WHERE outcome = 'open'\").fetchone() == (0,)\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
