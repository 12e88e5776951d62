// Backups of a site's registry, and what is refused as one.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "cli/stocked_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Changes a file by python's sqlite3, past the triggers: they are there again afterwards.
constexpr std::string_view kEdit = R"py(
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
for name, _ in triggers:
    db.execute(f"DROP TRIGGER {name}")
import hashlib
db.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest())
for statement in sys.argv[2:]:
    db.execute(statement)
for _, sql in triggers:
    db.execute(sql)
db.commit()
)py";

struct BackedUp : StockedSite {
  std::string backup{};
  BackedUp() {
    if (!ready()) return;
    backup = scene.room().path("backup");
    shop().put("edit.py", as_bytes(kEdit));
    (void)must({"backup", backup});
  }
  // A copy of the backup, changed by shell commands in which $f is the copy; its path.
  [[nodiscard]] std::string changed(const std::string& name, const std::string& commands) const {
    shop().must("cp backup " + name + "; f=" + name + "; " + commands);
    return scene.room().path(name);
  }
  void restore_refused(const std::string& file, int exit_code, const std::string& code) const {
    const Bytes before = shop().get("site/registry.sqlite");
    refused({"restore", file}, exit_code, code);
    CHECK(shop().get("site/registry.sqlite") == before);
    const Json last = scene.entries().back();
    CHECK(last["act"] == "inventory-restore");
    CHECK(last["outcome"] == "refused");
    CHECK(last["error"]["code"] == code);
  }
};

TEST_CASE("A backup is whole, of mode 0600, and never overwrites") {
  const BackedUp site;
  if (!site.ready()) return;
  struct stat status {};
  REQUIRE(::stat(site.backup.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(as_text(
            site.shop().must("python3 -c \"import sqlite3; db = sqlite3.connect('backup'); "
                             "print(db.execute('pragma integrity_check').fetchone()[0], "
                             "db.execute('select name from tenant_key').fetchall(), end='')\"")) ==
        "ok [('payments',)]");
  site.refused({"backup", site.backup}, 2, "output-exists");
  site.shaped("inventory-backup-result", {"backup", site.scene.room().path("second")});
  // One that could not be restored is none.
  site.shop().must(
      "python3 edit.py site/registry.sqlite \"INSERT INTO unwrap_count VALUES "
      "('00000000000000000000000000000001', 1, 1)\"");
  site.refused({"backup", site.scene.room().path("third")}, 3, "registry-invalid");
  site.shop().must("test ! -e third; test -z \"$(ls -A | grep '^\\.keyrite')\"");
}

TEST_CASE("After a restore everything but resume refuses, resume brings it up to the log") {
  const BackedUp site;
  if (!site.ready()) return;
  (void)site.scene.must("tenant", Words{"change", "Acme", "--owner", "Grace"} + kOlga);
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "unpaid"} + kOlga);
  (void)site.scene.must("tenant", Words{"add", "Later"} + kOlga);
  const Json restored = site.must({"restore", site.backup});
  const Json told = site.scene.entries().back();
  CHECK(told["outcome"] == "done");
  CHECK(told["facts"]["backup_sha256"] == restored["sha256"]);
  CHECK(as_text(site.shop().must("sha256sum < backup | cut -c 1-64 | tr -d '\\n'")) ==
        restored["sha256"].get<std::string>());
  site.refused({"list"}, 8, "registry-behind");
  site.refused({"backup", site.scene.room().path("second")}, 8, "registry-behind");
  site.scene.refused(site.scene.run("tenant", Words{"add", "Other"} + kOlga), 8, "registry-behind");
  const Json resumed = site.scene.must("resume", {});
  // What only the lost registry had: the new owner, the other tenant's name. States are in the log.
  std::string lost;
  for (const auto& seq : resumed["registry"]["unknown"])
    lost += site.scene.entries().at(seq.get<std::size_t>())["act"].get<std::string>() + " ";
  CHECK(lost == "tenant-change tenant-add ");
  CHECK(site.must({"list"})["keys"][0]["owner"] == "Ada");
  CHECK(site.scene.must("tenant", Words{"show", "Acme"} + kOlga)["state"] == "suspended");
  (void)site.scene.verify();
}

TEST_CASE("A restore of what is level already waits for resume too") {
  const BackedUp site;
  if (!site.ready()) return;
  (void)site.must({"restore", site.backup});
  site.refused({"list"}, 8, "registry-behind");
  (void)site.scene.must("resume", {});
  CHECK(site.must({"list"})["keys"].size() == 1);
  site.shaped("inventory-restore-result", {"restore", site.backup});
}

TEST_CASE("A damaged registry, and one that is gone, are replaced by a backup") {
  const BackedUp site;
  if (!site.ready()) return;
  for (const char* harm : {"truncate -s 8192 site/registry.sqlite", "rm site/registry.sqlite",
                           "rm site/registry.sqlite; ln -s ../backup site/registry.sqlite"}) {
    CAPTURE(harm);
    site.shop().must(harm);
    (void)site.must({"restore", site.backup});
    (void)site.scene.must("resume", {});
    CHECK(site.must({"list"})["keys"].size() == 1);
  }
  site.shop().must("test ! -L site/registry.sqlite");
}

TEST_CASE("What is no backup of this registry changes nothing, each with its code") {
  const BackedUp site;
  if (!site.ready()) return;
  site.restore_refused(site.changed("cut", "truncate -s 40960 $f"), 3, "registry-damaged");
  site.restore_refused(site.changed("text", "printf 'a long enough text, and no registry' > $f"), 3,
                       "registry-invalid");
  site.restore_refused(site.changed("foreign",
                                    "python3 edit.py $f \"INSERT INTO unwrap_count VALUES "
                                    "('00000000000000000000000000000001', 1, 1)\""),
                       3, "registry-invalid");
  site.restore_refused(site.changed("table", "python3 edit.py $f 'CREATE TABLE a (b)'"), 3,
                       "registry-invalid");
  site.restore_refused(site.changed("later", "python3 edit.py $f 'PRAGMA user_version=99'"), 3,
                       "registry-later-version");
  site.restore_refused(site.changed("link", "rm $f; ln -s backup $f"), 3, "registry-is-link");
  site.restore_refused(site.changed("shared", "chmod 660 $f"), 3, "registry-writable-by-others");
  site.refused({"restore", site.scene.room().path("absent")}, 3, "file-unreadable");
}

TEST_CASE("A backup in which somebody edited a policy is refused, its digest edited or not") {
  const BackedUp site;
  if (!site.ready()) return;
  const std::string loosen =
      "\"UPDATE decision SET content = replace(content, 'stop', 'read') WHERE kind = 'key'\"";
  site.restore_refused(site.changed("content", "python3 edit.py $f " + loosen), 6,
                       "decision-edited");
  site.restore_refused(
      site.changed("digest", "python3 edit.py $f " + loosen +
                                 " \"UPDATE decision SET sha256 = sha256(content)\""),
      6, "decision-edited");
  site.restore_refused(site.changed("gone", "python3 edit.py $f 'DELETE FROM decision'"), 6,
                       "decision-edited");
}

TEST_CASE("A backup in which a key serves elsewhere than was decided is refused") {
  const BackedUp site;
  if (!site.ready()) return;
  (void)site.scene.must("destination",
                        Words{"add", "alias/payments", "--provider", "aws", "--account",
                              "111122223333", "--region", "eu-central-1", "--wrapping-algorithm",
                              "RSAES_OAEP_SHA_1", "--tenant", "Acme", "--key", "payments"} +
                            kOlga);
  (void)site.must({"backup", site.scene.room().path("with")});
  site.shop().must(
      "cp with elsewhere; python3 edit.py elsewhere "
      "\"UPDATE destination SET region = 'us-east-1'\"");
  site.restore_refused(site.scene.room().path("elsewhere"), 6, "decision-edited");
  (void)site.must({"restore", site.scene.room().path("with")});
}

TEST_CASE("A backup of another log, or of more of it than there is, is refused") {
  const BackedUp site;
  if (!site.ready()) return;
  site.restore_refused(
      site.changed("other", "python3 edit.py $f \"UPDATE log_position SET origin = 'other/log'\""),
      6, "registry-of-other-log");
  site.restore_refused(
      site.changed("leaf", "python3 edit.py $f \"UPDATE log_position SET leaf = '" +
                               std::string(64, 'a') + "'\""),
      6, "registry-of-other-log");
  site.restore_refused(
      site.changed("ahead", "python3 edit.py $f 'UPDATE log_position SET size = size + 1000'"), 6,
      "registry-ahead");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
