// Keys of tenants as an operator keeps them; what the registry has is read by python3.
#include <doctest/doctest.h>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

struct Keyed {
  SiteRoom scene{};
  Keyed() {
    if (!ready()) return;
    (void)scene.must("tenant", Words{"add", "Acme", "--owner", "Ada"} + kOlga);
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json must(const Words& words) const { return scene.must("key", words + kOlga); }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("key", words + kOlga), exit_code, code);
  }
  void put_and_refuse(std::string_view text, const char* name, int exit_code,
                      const char* code) const {
    shop().put(name, as_bytes(text));
    refused({"add", "--from", scene.room().path(name)}, exit_code, code);
  }
};

TEST_CASE("A key is added, changed and shown, the log has neither its name nor its owner") {
  const Keyed site;
  if (!site.ready()) return;
  const Json added = site.must({"add", "payments", "--tenant", "Acme", "--type", "aes-256",
                                "--accept", "statement", "--copies", "2", "--owner", "Grace"});
  const std::string id = added["keys"][0]["id"];
  (void)site.must(
      {"change", "payments", "--tenant", "Acme", "--new-name", "payroll", "--period-days", "90"});
  const Json shown = site.must({"show", "payroll", "--tenant", "Acme"});
  CHECK(shown["id"] == id);
  CHECK(shown["usage"] == "wrap");
  CHECK(shown["policy"] ==
        Json{{"accept", "statement"}, {"compromised", "stop"}, {"copies", 2}, {"period_days", 90}});
  site.shop().put("look.py", as_bytes(std::string_view(R"py(
import hashlib, json, sqlite3, sys
db = sqlite3.connect("site/registry.sqlite")
assert db.execute("SELECT name, owner, type, usage FROM tenant_key WHERE id = ?", sys.argv[1:]).fetchall() == [
    ("payroll", "Grace", "aes-256", "wrap")]
log = [json.loads(line) for line in open("site/transcript/log.jsonl")]
told = [c["decision"]["sha256"] for e in log if e.get("act", "").startswith("key-") and e["event"] == "result"
        for c in e["facts"]["changes"]]
kept = db.execute("SELECT content FROM decision WHERE kind = 'key' ORDER BY revision").fetchall()
assert len(told) == 2 and told == [hashlib.sha256(row[0].encode()).hexdigest() for row in kept]
)py")));
  site.shop().must("python3 look.py " + id);
  CHECK(site.shop().naming("payments|payroll|grace|Acme", "site/transcript") == "");
}

TEST_CASE("What key prints with --json has the shape that docs/formats/json.md shows") {
  const Keyed site;
  if (!site.ready()) return;
  const auto check = [&](const char* name, const Words& words) {
    CAPTURE(name);
    const auto done = site.scene.run("key", words + kOlga);
    REQUIRE(done.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  };
  check("key-result", {"add", "payments", "--tenant", "Acme", "--type", "aes-256", "--owner", "o"});
  check("key-show-result", {"show", "payments", "--tenant", "Acme"});
}

TEST_CASE("Keys that cannot be are refused, each with its code, and nothing is written") {
  const Keyed site;
  if (!site.ready()) return;
  (void)site.must({"add", "there", "--tenant", "Acme", "--type", "aes-256"});
  site.refused({"add"}, 2, "name-or-file");
  site.refused({"add", "k", "--type", "aes-256"}, 2, "key-incomplete");
  site.refused({"add", "k", "--tenant", "Acme", "--type", "aes-256", "--copies", "0"}, 2,
               "registry-value");
  site.refused({"add", "k", "--tenant", "Acme", "--type", "aes-256", "--accept", "officer"}, 2,
               "value-not-allowed");
  site.refused({"add", "k", "--tenant", "Nobody", "--type", "aes-256"}, 2, "tenant-unknown");
  site.refused({"add", "there", "--tenant", "Acme", "--type", "aes-256"}, 1, "key-exists");
  site.refused({"show", "k", "--tenant", "Acme"}, 2, "key-unknown");
  site.refused({"change", "there", "--tenant", "Acme"}, 2, "nothing-to-change");
  site.put_and_refuse(
      "{\"tenant\":\"Acme\",\"name\":\"a\",\"type\":\"aes-256\"}\n"
      "{\"tenant\":\"Acme\",\"name\":\"there\",\"type\":\"aes-256\"}\n",
      "one-there", 1, "key-exists");
  site.put_and_refuse(
      "{\"tenant\":\"Acme\",\"name\":\"a\",\"type\":\"aes-256\"}\n"
      "{\"tenant\":\"Acme\",\"name\":\"a\",\"type\":\"aes-256\"}\n",
      "twice", 2, "key-twice");
  site.put_and_refuse("{\"tenant\":\"Acme\",\"name\":\"-a\",\"type\":\"aes-256\"}\n", "dash", 2,
                      "name-dash");
  site.put_and_refuse(
      "[[key]]\ntenant = \"Acme\"\nname = \"a\"\ntype = \"aes-256\"\nusage = \"all\"\n",
      "usage.toml", 2, "value-not-allowed");
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "r"} + kOlga);
  site.refused({"add", "k", "--tenant", "Acme", "--type", "aes-256"}, 1, "tenant-not-active");
  const Json tenant = site.scene.must("tenant", Words{"show", "Acme"} + kOlga);
  CHECK(tenant["keys"].size() == 1);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
