// The file of a registry: which ones are refused, how an older one becomes one of this version,
// backup and restore, and what the database itself does not take from whoever goes round the code.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>

#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;
namespace fs = std::filesystem;

struct Place {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  OpenRegistry open{[this] { return std::make_unique<Registry>(path); }};

  [[nodiscard]] Failure opened() const {
    return failure_of([&] { const Registry registry(path); });
  }
  // What python's sqlite3 says of a statement with foreign keys on: "taken", or SQLite's words.
  [[nodiscard]] std::string said(const std::string& statement) const {
    shop.put("say.py", as_bytes(std::string_view(R"(
import sqlite3, sys
db = sqlite3.connect('registry.sqlite')
db.execute('pragma foreign_keys=on')
try:
    assert db.execute(sys.argv[1]).rowcount != 0, 'no row'
    db.commit()
    print('taken', end='')
except sqlite3.IntegrityError as error:
    print(error, end='')
)")));
    return as_text(shop.must("python3 say.py \"" + statement + "\""));
  }
};

TEST_CASE("A registry that is cut off is damaged, wherever it ends") {
  Place place;
  { Scene(place.open).tenant("acme"); }
  const Bytes whole = place.shop.get("registry.sqlite");
  for (const std::size_t part : {2U, 4U}) {
    const std::size_t pages = whole.size() / 4096 / part;
    place.shop.put("registry.sqlite", ByteView(whole).first(pages * 4096));
    const auto refused = place.opened();
    CHECK(refused.code == "registry-damaged");
    CHECK(refused.kind == Kind::kConfig);
  }
}

TEST_CASE("A page that was overwritten is found by the check") {
  Place place;
  {
    Scene scene(place.open);
    for (int i = 0; i < 30; ++i) static_cast<void>(scene.tenant("tenant " + std::to_string(i)));
    scene.registry().check();
  }
  place.shop.must(
      "python3 -c \"import sqlite3; page, = sqlite3.connect('registry.sqlite').execute("
      "\\\"select rootpage from sqlite_schema where name = 'state_event'\\\").fetchone(); "
      "file = open('registry.sqlite', 'r+b'); file.seek((page - 1) * 4096); "
      "file.write(b'x' * 4096)\"");
  CHECK(failure_of([&] { place.open()->check(); }).code == "registry-damaged");
}

TEST_CASE("A registry that is a link, or that others may write, is not used") {
  const Workshop shop;
  shop.put("other.sqlite", {});
  shop.must("ln -s other.sqlite registry.sqlite");
  const std::string path = shop.folder() / "registry.sqlite";
  const auto link = failure_of([&] { const Registry registry(path); });
  CHECK(link.code == "registry-is-link");
  CHECK(link.kind == Kind::kConfig);
  shop.must("rm registry.sqlite; touch registry.sqlite; chmod 620 registry.sqlite");
  const auto shared = failure_of([&] { const Registry registry(path); });
  CHECK(shared.code == "registry-writable-by-others");
  CHECK(shared.kind == Kind::kConfig);
  CHECK(shop.get("registry.sqlite").empty());
  shop.must("chmod 600 registry.sqlite; chmod 777 .");
  CHECK(failure_of([&] { const Registry registry(path); }).code == "registry-writable-by-others");
  shop.must("chmod 700 .");
  CHECK(failure_of([&] { const Registry registry(path); }).code == "no error");
}

TEST_CASE("A registry with foreign parts or rows is none") {
  for (const char* statement :
       {"create table other (a)", "create view names as select * from pseudonym",
        "create index extra on dek (created_ms)", "drop index dek_expiring",
        "drop trigger version_forward",
        "create trigger keep after delete on pseudonym begin select 1; end",
        "insert into legal_transition values ('version', 'destroyed', 'active')"}) {
    Place place;
    { const Registry made(place.path); }
    place.shop.must(std::string("python3 -c \"import sqlite3, sys; db = sqlite3.connect("
                                "'registry.sqlite'); db.execute(sys.argv[1]); db.commit()\" \"") +
                    statement + "\"");
    const auto refused = place.opened();
    CHECK_MESSAGE(refused.code == "registry-invalid", statement);
    CHECK(refused.kind == Kind::kConfig);
  }
}

TEST_CASE("Rows that refer to nothing are found by the check") {
  Place place;
  { Scene(place.open).tenant("acme"); }
  place.shop.must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('registry.sqlite'); "
      "db.execute('insert into unwrap_count values (1, 1, 1)'); db.commit()\"");
  CHECK(failure_of([&] { place.open()->check(); }).code == "registry-invalid");
}

TEST_CASE("What 0.1.0 made becomes a registry of this version with the names it had") {
  const Workshop shop;
  shop.must("cp '" KEYRITE_SOURCE_DIR
            "/tests/upgrade/made-by-0.1.0/site/registry.sqlite' registry.sqlite; "
            "chmod 600 registry.sqlite");
  const auto names = [&] {
    return as_text(
        shop.must("python3 -c \"import sqlite3; [print(*row) for row in "
                  "sqlite3.connect('registry.sqlite').execute("
                  "'select pseudonym, name from pseudonym order by 1')]\""));
  };
  const std::string before = names();
  REQUIRE(before.size() > 100);
  {
    const Registry registry(shop.folder() / "registry.sqlite");
    registry.check();
  }
  CHECK(names() == before);
  Scene scene([&] { return std::make_unique<Registry>(shop.folder() / "registry.sqlite"); });
  CHECK(scene.version(scene.active(scene.key(scene.tenant("a new one")))).state ==
        VersionState::kActive);
}

TEST_CASE("Version 2 becomes this version, and both look as one that was made new") {
  const auto schema_after = [](const std::string& statements) {
    const Workshop shop;
    shop.put("registry.sqlite", {});
    shop.must("python3 -c \"import sqlite3; sqlite3.connect('registry.sqlite').executescript('''" +
              statements + "''')\"");
    { const Registry registry(shop.folder() / "registry.sqlite"); }
    return as_text(shop.must(
        "python3 -c \"import sqlite3; db = sqlite3.connect('registry.sqlite'); "
        "[print(*row) for row in db.execute('select type, name, sql from sqlite_schema order by "
        "2')]; print(db.execute('pragma user_version').fetchone(), "
        "db.execute('pragma application_id').fetchone())\""));
  };
  const std::string table =
      "CREATE TABLE pseudonym (pseudonym TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) "
      "STRICT;";
  const std::string made_new = schema_after("");
  CHECK(made_new.find("(4,) (1802662503,)") != std::string::npos);
  CHECK(schema_after(table + "pragma user_version=1;") == made_new);
  CHECK(schema_after(table + "pragma application_id=1802662503; pragma user_version=2;") ==
        made_new);
}

// What earlier builds called version 3: registry.sqlite with the tables that they made.
constexpr const char* kAsVersion3 = R"py(
import os, sqlite3
new = sqlite3.connect("registry.sqlite")
parts = new.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
old = sqlite3.connect("old.sqlite")
def older(sql):
    return sql.replace(", 'destination', 'pinned-key', 'campaign')", ")").replace(", name, region)", ", name)")
assert sum(older(sql) != sql for _, _, sql in parts) == 2
for wanted in ("table", "index"):
    for kind, _, sql in parts:
        if kind == wanted: old.execute(older(sql))
for kind, name, _ in parts:
    if kind == "table":
        for row in new.execute("SELECT * FROM " + name).fetchall():
            old.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
for kind, _, sql in parts:
    if kind == "trigger": old.execute(sql)
old.commit()
old.execute("PRAGMA application_id = 1802662503")
old.execute("PRAGMA user_version = 3")
old.close()
new.close()
for name in os.listdir("."):
    if name.startswith("registry.sqlite"): os.remove(name)
os.rename("old.sqlite", "registry.sqlite")
os.chmod("registry.sqlite", 0o600)
)py";
constexpr const char* kDump = R"py(
import sqlite3
db = sqlite3.connect("registry.sqlite")
for kind, name, sql in sorted(db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")):
    print(kind, name, sql)
    if kind == "table": print(*sorted(map(repr, db.execute("SELECT * FROM " + name))), sep="\n")
print(db.execute("PRAGMA user_version").fetchone(), db.execute("PRAGMA foreign_key_check").fetchall())
)py";

TEST_CASE(
    "A registry of version 3, as earlier builds made it, becomes this version with all rows") {
  Place place;
  {
    Scene scene(place.open);
    const auto key = scene.key(scene.tenant("acme"));
    const auto version = scene.active(key);
    (void)scene.destination(key);
    (void)scene.waiting(key);
    CHECK(scene.version(version).state == VersionState::kActive);
  }
  place.shop.put("older.py", as_bytes(std::string_view(kAsVersion3)));
  place.shop.put("dump.py", as_bytes(std::string_view(kDump)));
  const auto dump = [&] { return as_text(place.shop.must("python3 dump.py")); };
  const auto before = dump();
  place.shop.must("python3 older.py");
  CHECK(dump() != before);
  { const Registry registry(place.shop.folder() / "registry.sqlite"); }
  CHECK(dump() == before);
  CHECK(before.find("(4,) []") != std::string::npos);
  // One that is not such a file is refused as it was.
  place.shop.must("python3 older.py");
  place.shop.must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('registry.sqlite'); "
      "db.execute('create table more (a)'); db.commit()\"");
  const auto refused = failure_of([&] { place.open(); });
  CHECK(refused.code == "registry-invalid");
  CHECK(dump().find("(3,) []") != std::string::npos);
}

TEST_CASE("A backup is a whole registry of mode 0600, and comes back in the other's place") {
  Place place;
  Scene scene(place.open);
  const std::string acme = scene.tenant("acme");
  const std::string backup = place.shop.folder() / "backup";
  scene.registry().back_up(backup);
  struct stat status {};
  REQUIRE(::stat(backup.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(failure_of([&] { scene.registry().back_up(backup); }).code == "output-exists");
  CHECK(as_text(place.shop.must("python3 -c \"import sqlite3; print(sqlite3.connect('backup')"
                                ".execute('pragma integrity_check').fetchone()[0], end='')\"")) ==
        "ok");
  static_cast<void>(scene.tenant("later"));
  restore(backup, place.path);
  const Registry restored(place.path);
  const View view = restored.read();
  CHECK(view->tenants.find(acme)->name == "acme");
  CHECK_FALSE(view->tenants.named("later"));
  // The next act sees that it is older than the log.
  CHECK(standing_of(view->log.position(kLog), scene.log_size(), leaf_of) == Standing::kBehind);
  place.shop.must("test \"$(ls -A | grep -v py$ | tr '\\n' ' ')\" = 'backup registry.sqlite '");
}

TEST_CASE("What is no whole registry does not come into a registry's place") {
  Place place;
  {
    Scene scene(place.open);
    static_cast<void>(scene.tenant("acme"));
    scene.registry().back_up(place.shop.folder() / "backup");
  }
  const Bytes before = place.shop.get("registry.sqlite");
  const auto refused = [&](const std::string& file) {
    const auto failure = failure_of([&] { restore(place.shop.folder() / file, place.path); });
    CHECK(place.shop.get("registry.sqlite") == before);
    return failure.code;
  };
  place.shop.put("text", as_bytes(std::string_view("no registry at all, but long enough a text")));
  CHECK(refused("text") == "registry-invalid");
  CHECK(refused("absent") == "file-unreadable");
  place.shop.must(
      "head -c 40960 backup > cut; cp backup foreign; "
      "python3 -c \"import sqlite3; sqlite3.connect('foreign').execute('create table a (b)')\"");
  CHECK(refused("cut") == "registry-damaged");
  CHECK(refused("foreign") == "registry-invalid");
  place.shop.must("test -z \"$(ls -A | grep '^\\.keyrite')\"");
}

TEST_CASE("The database takes from nobody what the code would refuse") {
  Place place;
  Scene scene(place.open);
  const std::string acme = scene.tenant("acme");
  const std::string key = scene.key(acme);
  const VersionId first = scene.active(key);
  const Dek dek = scene.stored_dek(acme, first);
  static_cast<void>(scene.waiting(key));
  const std::array<std::pair<std::string, std::string>, 12> forbidden{{
      {"update version set state = 'destroyed' where number = 1",
       "wrapped keys are left under this version"},
      {"update version set state = 'suspended' where number = 1", "FOREIGN KEY constraint failed"},
      {"update version set state_seq = 1, state = 'pre-activation' where number = 1",
       "a version goes forward by one event"},
      {"delete from version", "a version is never removed"},
      {"update state_event set actor = 'nobody'", "events are written once"},
      {"delete from state_event", "events are never removed"},
      {"update dek set number = 2", "only an active version wraps"},
      {"update dek set tenant_id = '" + std::string(kNoTenant) + "'",
       "a wrapped key stays its tenant's"},
      {"update log_position set size = 0, leaf = '', revision = revision + 1",
       "the log only grows"},
      {"update batch set log_seq = NULL, log_leaf = NULL, outcome = 'open'",
       "a batch has one entry"},
      {"delete from legal_transition", "legal transitions are not changed"},
      {"update tenant set state_seq = NULL, state = 'none' where owner is not null",
       "a tenant goes forward by one event"},
  }};
  for (const auto& one : forbidden) CHECK_MESSAGE(place.said(one.first) == one.second, one.first);
  scene.registry().check();
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
