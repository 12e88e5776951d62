// Versions of tenants' keys as generate-kek makes them; what the registry has is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};

struct Versioned {
  SiteRoom scene{};
  explicit Versioned(const std::string& type = "aes-256") {
    if (!ready()) return;
    (void)scene.must("tenant", Words{"add", "Acme", "--owner", "Ada"} + kOlga);
    (void)scene.must("key", Words{"add", "payments", "--tenant", "Acme", "--type", type, "--usage",
                                  type.starts_with("aes") ? "wrap" : "sign"} +
                                kOlga);
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] static Words next(const Words& more = {}) {
    return Words{"--tenant", "Acme", "--key", "payments"} + more;
  }
  Json make(const Words& more = {}) const { return scene.must("generate-kek", next(more) + kOlga); }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    const auto before = scene.entries().size();
    scene.refused(scene.run("generate-kek", words + kOlga), exit_code, code);
    const auto entries = scene.entries();
    for (std::size_t i = before; i < entries.size(); ++i)
      CHECK(entries[i]["event"] != "intent");  // so nothing was made
  }
  // A python3 program that has `db`, the registry.
  void look(const std::string& program, const std::string& words = {}) const {
    shop().put("look.py", as_bytes("import json, sqlite3, sys\n"
                                   "db = sqlite3.connect('site/registry.sqlite')\n" +
                                   program));
    shop().must("python3 look.py " + words);
  }
  // Every row that an entry can bring about.
  void dump(const std::string& to) const {
    look(R"py(
rows = {table: sorted(db.execute("SELECT * FROM " + table).fetchall())
        for table in ("version", "check_value", "key_copy", "placement", "state_event")}
rows["version"] and open(sys.argv[1], "w").write(json.dumps(rows))
)py",
         to);
  }
};

TEST_CASE(
    "generate-kek makes a tenant's version as the registry says, under a name that is nobody's") {
  const Versioned site;
  if (!site.ready()) return;
  const Json made = site.make();
  CHECK(made["key_type"] == "aes-256");
  CHECK(made["usage"] == "wrap");
  CHECK(made["attributes"]["CKA_ENCRYPT"] == "false");
  CHECK(made["version"]["number"] == 1);
  CHECK(made["version"]["state"] == "pre-activation");
  CHECK(made["label"].get<std::string>().starts_with(made["version"]["key_id"].get<std::string>()));
  site.look(R"py(
key, cka_id, checks = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
assert db.execute("SELECT number, state, cka_id, origin FROM version WHERE key_id = ?", [key]).fetchall() == [
    (1, "pre-activation", cka_id, "logged")]
assert dict(db.execute("SELECT algorithm, value FROM check_value WHERE key_id = ?", [key])) == checks
copies = db.execute("SELECT form, token_serial, cka_id, state FROM key_copy WHERE key_id = ?", [key]).fetchall()
log = [json.loads(line) for line in open("site/transcript/log.jsonl")]
assert copies == [("token", log[-1].get("token", log[0]["token"])["serial"], cka_id, "present")], copies
events = db.execute("SELECT to_state, actor, log_seq FROM state_event WHERE kind = 'version'").fetchall()
assert events == [("pre-activation", "olga@example.org", len(log) - 1)], events
)py",
            made["version"]["key_id"].get<std::string>() + " " + made["id"].get<std::string>() +
                " '" +
                [&] {
                  Json checks = Json::object();
                  for (const auto& one : made["check_values"])
                    checks[one["alg"].get<std::string>()] = one["value"];
                  return checks.dump();
                }() +
                "'");
  CHECK(site.shop().naming("payments|Acme", "site/transcript") == "");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A second version waits for the first one's activation, and gets the next number") {
  const Versioned site;
  if (!site.ready()) return;
  (void)site.make();
  site.refused(Versioned::next(), 1, "version-not-alone");
  const Json shown = site.scene.must("key", Words{"show", "payments", "--tenant", "Acme"});
  CHECK(shown["versions"].size() == 1);
}

TEST_CASE("What is given beside the registry must be what the registry says") {
  const Versioned site;
  if (!site.ready()) return;
  site.refused(Versioned::next({"--type", "aes-128"}), 2, "type-not-of-key");
  site.refused(Versioned::next({"--usage", "encrypt"}), 2, "usage-not-of-key");
  site.refused(Versioned::next({"--label", "k"}), 2, "name-with-tenant");
  site.refused(Versioned::next({"--id", "0a"}), 2, "name-with-tenant");
  site.refused({"--tenant", "Acme"}, 2, "tenant-without-key");
  site.refused({"--tenant", "Acme", "--key", "other"}, 2, "key-unknown");
  site.refused({"--tenant", "Other", "--key", "payments"}, 2, "tenant-unknown");
  site.refused({"--label", "k"}, 2, "value-missing");
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "unpaid"} + kOlga);
  site.refused(Versioned::next(), 1, "tenant-not-active");
}

TEST_CASE("A registry that came back from a backup gets the same rows by resume") {
  const Versioned site{"rsa-2048"};
  if (!site.ready()) return;
  site.shop().must("cp site/registry.sqlite before.sqlite");
  (void)site.make();
  site.dump("made.json");
  site.shop().must("cp before.sqlite site/registry.sqlite");
  site.scene.refused(site.scene.run("generate-kek", Versioned::next() + kOlga), 8,
                     "registry-behind");
  (void)site.scene.must("resume", kOlga);
  site.dump("resumed.json");
  site.shop().must("cmp made.json resumed.json");
  site.refused(Versioned::next(), 1, "version-not-alone");
}

TEST_CASE("A dry run says which version would be made, and writes nothing") {
  const Versioned site;
  if (!site.ready()) return;
  const auto before = site.scene.entries().size();
  const auto run = site.scene.run("generate-kek", Versioned::next({"--dry-run"}) + kOlga);
  REQUIRE(run.exit_code == 0);
  const Json planned = parse_json(as_bytes(run.out), "output")["plan"];
  CHECK(planned["version"]["number"] == 1);
  CHECK(site.scene.entries().size() == before);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
