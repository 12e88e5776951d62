// Tenants as an operator keeps them: what the tool says, what the registry has by sqlite3 of
// python3, what the log has by grep and jq.
#include <doctest/doctest.h>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

struct Tenancy {
  SiteRoom scene{};
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json must(const Words& words) const { return scene.must("tenant", words + kOlga); }
  [[nodiscard]] ProgramRun run(const Words& words) const {
    return scene.run("tenant", words + kOlga);
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(run(words), exit_code, code);
  }
  [[nodiscard]] std::string sql(const std::string& query) const {
    shop().put("sql.py", as_bytes(std::string_view(
                             "import sqlite3, sys\n"
                             "print(sqlite3.connect('site/registry.sqlite').execute(sys.argv[1])"
                             ".fetchall())\n")));
    return as_text(shop().must("python3 sql.py \"" + query + "\""));
  }
  void no_name_in_log(const std::string& name) const {
    CHECK(shop().naming(name, "site/transcript") == "");
  }
};

TEST_CASE("A tenant's life: its name is in the registry alone, each change is in the log") {
  const Tenancy site;
  if (!site.ready()) return;
  const Json added = site.must({"add", "Zwicky Holding", "--owner", "Ada Byron", "--contact",
                                "ada@zwicky.example", "--jurisdiction", "eu-central-1"});
  const std::string id = added["tenants"][0]["id"];
  CHECK(added["tenants"][0]["state"] == "active");
  CHECK(site.sql("SELECT p.name, t.owner, t.state, t.id FROM tenant t JOIN pseudonym p ON "
                 "p.pseudonym = t.id WHERE t.state = 'active' AND p.name IS NOT NULL") ==
        "[('Zwicky Holding', 'Ada Byron', 'active', '" + id + "')]\n");
  site.shop().must(
      "jq -e 'select(.act == \"tenant-add\" and .event == \"result\") | "
      ".facts.changes[0].tenant == \"" +
      id + "\"' site/transcript/log.jsonl");

  (void)site.must(
      {"change", "Zwicky Holding", "--owner", "Charles", "--jurisdiction", "eu-west-1"});
  (void)site.must(
      {"hold", "Zwicky Holding", "--authority", "Court of Hamburg", "--reason", "case twelve"});
  site.refused({"hold", "Zwicky Holding", "--authority", "a", "--reason", "b"}, 1, "hold-exists");
  Json shown = site.must({"show", "Zwicky Holding"});
  CHECK(shown["owner"] == "Charles");
  CHECK(shown["jurisdictions"] == Json{"eu-west-1"});
  CHECK(shown["hold"]["authority"] == "Court of Hamburg");
  (void)site.must({"release", "Zwicky Holding", "--reason", "closed"});
  site.refused({"release", "Zwicky Holding", "--reason", "closed"}, 1, "hold-none");
  (void)site.must({"suspend", "Zwicky Holding", "--reason", "unpaid"});
  site.refused({"suspend", "Zwicky Holding", "--reason", "unpaid"}, 1, "transition-illegal");
  CHECK(site.must({"list"})["tenants"][0]["state"] == "suspended");
  (void)site.must({"suspend", "Zwicky Holding", "--end", "--reason", "paid"});
  shown = site.must({"show", "Zwicky Holding"});
  CHECK(shown["state"] == "active");
  CHECK(shown["hold"].is_null());
  CHECK(shown["events"].size() == 3);

  // The SHA-256 in the log is of the document that is in force.
  site.shop().must(
      "python3 -c \"import sqlite3, hashlib, json\n"
      "rows = sqlite3.connect('site/registry.sqlite').execute('SELECT content FROM "
      "decision ORDER BY revision').fetchall()\n"
      "log = [json.loads(line) for line in open('site/transcript/log.jsonl')]\n"
      "told = [c['decision']['sha256'] for e in log if e['event'] == 'result' and "
      "'changes' in e.get('facts', {}) for c in e['facts']['changes'] if 'decision' in "
      "c]\n"
      "assert len(rows) == 4\n"
      "assert told == [hashlib.sha256(r[0].encode()).hexdigest() for r in rows]\"");
  for (const char* name :
       {"zwicky", "byron", "charles", "hamburg", "twelve", "eu-west-1", "unpaid"})
    site.no_name_in_log(name);
  // A program of the token signs what these acts on files wrote.
  (void)site.scene.must("resume", {});
  (void)site.scene.verify();
}

TEST_CASE("What tenant prints with --json has the shape that docs/formats/json.md shows") {
  const Tenancy site;
  if (!site.ready()) return;
  const auto check = [&](const char* name, const Words& words) {
    CAPTURE(name);
    const auto done = site.run(words);
    REQUIRE(done.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  };
  check("tenant-result", {"add", "Acme", "--owner", "Ada", "--contact", "a@acme.example",
                          "--jurisdiction", "eu-central-1"});
  check("tenant-list-result", {"list"});
  check("tenant-show-result", {"show", "Acme"});
}

TEST_CASE("Many tenants from a file: all of them, or none") {
  const Tenancy site;
  if (!site.ready()) return;
  const auto put = [&](const char* name, std::string_view text) {
    site.shop().put(name, as_bytes(text));
    return site.scene.room().path(name);
  };
  const std::string toml = put("t.toml",
                               "[[tenant]]\nname = \"One\"\nowner = \"o\"\n\n[[tenant]]\n"
                               "name = \"Two\"\njurisdictions = [\"eu-west-1\"]\n");
  CHECK(site.must({"add", "--from", toml})["tenants"].size() == 2);
  const std::string lines = put("t.jsonl", "{\"name\": \"Three\"}\n{\"name\": \"Four\"}\n");
  CHECK(site.must({"add", "--from", lines})["tenants"].size() == 2);
  const std::string all = site.sql("SELECT count(*) FROM tenant WHERE state = 'active'");

  const auto none = [&](std::string_view text, const char* name, int exit_code, const char* code) {
    site.refused({"add", "--from", put(name, text)}, exit_code, code);
  };
  none("{\"name\": \"Five\"}\n{\"name\": \"Five\"}\n", "twice", 2, "tenant-twice");
  none("{\"name\": \"Five\"}\n{\"name\": \"Three\"}\n", "there", 1, "tenant-exists");
  none("{\"name\": \"Five\", \"onwer\": \"x\"}\n", "field", 3, "records-unknown-field");
  none("{\"name\": \"--dry-run\"}\n", "dash", 2, "name-dash");
  none("[\"Five\"]\n", "form", 3, "records-invalid");
  none("", "empty", 3, "records-empty");
  none("[[tenants]]\nname = \"Five\"\n", "tables.toml", 3, "records-invalid");
  std::string many;
  for (int i = 0; i <= 1000; ++i) many += "{\"name\": \"m" + std::to_string(i) + "\"}\n";
  none(many, "many", 3, "records-too-many");
  CHECK(site.sql("SELECT count(*) FROM tenant WHERE state = 'active'") == all);
  CHECK(site.sql("SELECT count(*) FROM batch WHERE outcome = 'open'") == "[(0,)]\n");
}

TEST_CASE("A thousand tenants at once: their facts stand in a side file, and are found there") {
  const Tenancy site;
  if (!site.ready()) return;
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "{\"name\": \"m" + std::to_string(i) + "\"}\n";
  site.shop().put("many", as_bytes(many));
  CHECK(site.must({"add", "--from", site.scene.room().path("many")})["tenants"].size() == 1000);
  CHECK(site.must({"show", "m999"})["state"] == "active");
  // Somebody writes into the side file.
  site.shop().must(
      "cd site/transcript/evidence && for f in *; do if grep -qa '\"changes\"' $f; then "
      "printf ' ' >> $f; fi; done");
  site.refused({"show", "m999"}, 6, "registry-evidence");
}

TEST_CASE("What is no name, and what is nothing to do, is refused before anything is logged") {
  const Tenancy site;
  if (!site.ready()) return;
  const auto before = site.scene.entries().size();
  site.refused({"add"}, 2, "name-or-file");
  site.refused({"add", "A", "--from", "b"}, 2, "name-or-file");
  site.refused({"add", "A\nB"}, 2, "name-invalid");
  for (const std::string name : {"Acme ", " Acme", " "})
    site.refused({"add", name}, 2, "name-edges");
  site.refused({"add", std::string(501, 'a')}, 2, "name-invalid");
  site.refused({"change", "A"}, 2, "nothing-to-change");
  site.refused({"show", "A"}, 2, "tenant-unknown");
  const auto homeless = run_program({tool_path("tenant"), "list", "--json"});
  site.scene.refused(homeless, 2, "site-not-given");
  CHECK(site.scene.entries().size() == before);
  // Whether the tenant is there is asked when the log is locked: that is an entry.
  site.refused({"hold", "A", "--authority", "a", "--reason", "b"}, 2, "tenant-unknown");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
