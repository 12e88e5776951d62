// Versions that are suspended, resumed, deactivated and compromised, and placements that an officer
// accepts. Versions and placements are put into the registry by its own interface; what the acts
// made of them is read by python3.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/clock.h"
#include "cli/document_shape.h"
#include "cli/site_room.h"
#include "registry/registry.h"
#include "transcript/merkle.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using registry::PlacementState;
using registry::VersionState;

const Words kOlga{"--operator", "olga@example.org"};
const Words kAcme{"--tenant", "Acme"};

struct Versioned {
  SiteRoom scene{};
  std::string key{};
  std::string destination{};
  Versioned() {
    if (!ready()) return;
    (void)scene.must("tenant", Words{"add", "Acme"} + kOlga);
    key = scene.must(
        "key", Words{"add", "payments", "--type", "aes-256"} + kAcme + kOlga)["keys"][0]["id"];
    destination =
        scene.must("destination",
                   Words{"add", "arn:aws:kms:eu-central-1:111122223333:alias/acme", "--provider",
                         "aws", "--key", "payments", "--wrapping-algorithm", "RSAES_OAEP_SHA_256"} +
                       kAcme + kOlga)["destinations"][0]["id"];
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json must(const Words& words) const { return scene.must("key", words + kAcme + kOlga); }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("key", words + kAcme + kOlga), exit_code, code);
  }
  // As of the log's last entry.
  template <class Write>
  void put(const Write& write) const {
    registry::Registry registry(scene.room().path("site/registry.sqlite"));
    const auto bytes = shop().must("tail -n 1 site/transcript/log.jsonl | tr -d '\\n'");
    transcript::Hasher hasher;
    const auto size = scene.entries().size();
    const registry::Mark mark{.at = registry::Time(std::chrono::milliseconds(1)),
                              .actor = "test",
                              .entry = {size - 1, to_hex(hasher.leaf(bytes))}};
    auto transaction = registry.write();
    write(*transaction.operator->(), mark);
    transaction.commit();
  }
  // The next version of the key, with a CKA_ID of its own, in `state`.
  void put_version(VersionState state) const {
    put([&](registry::Stores& stores, const registry::Mark& mark) {
      const auto number = static_cast<std::uint8_t>(stores.versions.of(key).size() + 1);
      const auto id = stores.versions.add({.id = {key, 0}, .cka_id = Bytes(16, number)}, mark);
      if (state == VersionState::kPreActivation) return;
      stores.versions.move(id, VersionState::kActive, 1, mark);
      if (state == VersionState::kActive) return;
      stores.versions.move(id, state, 2, mark);
    });
  }
  void put_placement(std::int64_t number, const std::string& cloud_key, bool serving) const {
    put([&](registry::Stores& stores, const registry::Mark& mark) {
      const registry::PlacementId id{destination, number};
      stores.placements.add({.id = id,
                             .key = key,
                             .state = PlacementState::kWrapped,
                             .cloud_key = cloud_key,
                             .cloud_version = "material-" + std::to_string(number)},
                            mark);
      stores.placements.move(id, PlacementState::kImported, 1, mark);
      if (!serving) return;
      stores.placements.move(id, PlacementState::kProven, 2, mark,
                             {.basis = registry::Basis::kCryptographic});
      stores.placements.move(id, PlacementState::kServing, 3, mark);
    });
  }
  // Of the one placement, by python3.
  [[nodiscard]] std::string state_at_cloud() const {
    return as_text(shop().must(
        "python3 -c 'import sqlite3; print(*sqlite3.connect(\"site/registry.sqlite\").execute("
        "\"SELECT state FROM placement\").fetchone())'"));
  }
  [[nodiscard]] Json state_of(std::size_t version) const {
    return must({"show", "payments"})["versions"][version - 1]["state"];
  }
};

TEST_CASE(
    "An active version is suspended, resumed, deactivated and compromised, with the reasons") {
  const Versioned site;
  if (!site.ready()) return;
  site.refused({"suspend", "payments", "--reason", "r"}, 2, "version-not-given");
  site.put_version(VersionState::kActive);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  Json done = site.must({"suspend", "payments", "--reason", "a leak maybe"});
  CHECK(done["from"] == "active");
  CHECK(done["clouds"][0]["command"] ==
        "aws kms disable-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-central-1");
  CHECK(site.state_of(1) == "suspended");
  site.refused({"suspend", "payments", "--reason", "r"}, 1, "transition-illegal");
  done = site.must({"resume", "payments", "--reason", "no leak"});
  CHECK(done["clouds"][0]["command"].get<std::string>().starts_with("aws kms enable-key "));
  done = site.must({"set-deactivation", "payments", "--reason", "old"});
  CHECK(done["clouds"][0]["command"].is_null());
  CHECK(site.state_of(1) == "deactivated");
  site.refused({"resume", "payments", "--reason", "r"}, 1, "transition-illegal");
  (void)site.must({"mark-compromised", "payments", "--key-version", "1", "--reason", "a leak"});
  CHECK(site.state_of(1) == "compromised");
  site.refused({"suspend", "payments", "--key-version", "7", "--reason", "r"}, 2,
               "version-unknown");
  CHECK(site.shop().naming("leak|payments|Acme", "site/transcript") == "");
  (void)site.scene.must("resume", {});
  (void)site.scene.verify();
}

TEST_CASE(
    "AWS disables a whole key: with other versions in it there is no command, but their names") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kActive);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  site.put([&](registry::Stores& stores, const registry::Mark& mark) {
    const auto first = stores.versions.find({site.key, 1}).value();
    stores.versions.move(first.id, VersionState::kDeactivated, first.revision, mark);
  });
  site.put_version(VersionState::kActive);
  site.put_placement(2, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  const Json done = site.must({"suspend", "payments", "--reason", "r"});
  CHECK(done["version"] == 2);
  CHECK(done["clouds"][0]["command"].is_null());
  CHECK(done["clouds"][0]["also_stops"] == Json{1});
}

TEST_CASE("A version that nobody validated does not become active by a resume") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kPreActivation);
  for (const Words& named : {Words{}, Words{"--key-version", "1"}})
    site.refused(Words{"resume", "payments", "--reason", "r"} + named, 1, "transition-illegal");
  CHECK(site.state_of(1) == "pre-activation");
}

TEST_CASE("The commands are written as scripts where that is asked for, and run as they stand") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kActive);
  const Words folder{"--output", site.scene.room().path("scripts")};
  (void)site.must(Words{"suspend", "payments", "--reason", "r"} + folder);
  site.shop().must("test ! -e scripts");  // nothing is at a cloud
  (void)site.must({"resume", "payments", "--reason", "r"});
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  (void)site.must(Words{"suspend", "payments", "--reason", "r"} + folder);
  site.shop().must(
      "test \"$(ls scripts)\" = aws-disable.sh && test \"$(sh scripts/aws-disable.sh --print)\" = "
      "'aws kms disable-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-central-1'");
  site.refused(Words{"resume", "payments", "--reason", "r"} + folder, 2, "output-exists");
  CHECK(site.state_of(1) == "suspended");
  (void)site.must(Words{"mark-compromised", "payments", "--reason", "r", "--output",
                        site.scene.room().path("over")});
  site.shop().must(
      "test \"$(ls over | tr '\\n' ' ')\" = 'aws-disable.sh aws-schedule-deletion.sh '");
  site.shop().must("! grep -qaE 'scripts|/over' site/transcript/log.jsonl");
}

TEST_CASE("A folder of scripts that nobody was told of has an exit code of its own") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kActive);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  const auto run = site.scene.run(
      "key",
      Words{"suspend", "payments", "--reason", "r", "--output", site.scene.room().path("scripts")} +
          kAcme + kOlga,
      {.out_path = "/dev/full"});
  CHECK(run.exit_code == 8);
  CHECK(run.err.find("code: scripts-made-unreported ") != std::string::npos);
  site.shop().must("test -s scripts/aws-disable.sh");
}

TEST_CASE("A suspended version is not resumed beside one that is active") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kSuspended);
  site.put_version(VersionState::kActive);
  site.refused({"resume", "payments", "--reason", "r"}, 1, "version-not-alone");
  CHECK(site.state_of(1) == "suspended");
}

TEST_CASE("A frozen version keeps its state") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kActive);
  site.put([&](registry::Stores& stores, const registry::Mark& mark) {
    stores.versions.freeze({site.key, 1}, 2, mark.entry);
  });
  site.refused({"suspend", "payments", "--reason", "r"}, 1, "version-frozen");
}

TEST_CASE("An officer accepts what cannot be proven, until a day") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kPreActivation);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", false);
  const auto until = [](int days) {
    return format_rfc3339(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) +
        std::chrono::days(days));
  };
  const Words where{"accept", "--key", "payments", "--destination", "alias/acme"};
  const auto refused = [&](const Words& words, int exit_code, const std::string& code) {
    CAPTURE(code);
    site.scene.refused(site.scene.run("inventory", where + kAcme + kOlga + words), exit_code, code);
  };
  refused({"--until", until(400), "--reason", "r"}, 2, "acceptance-until");
  refused({"--until", until(-1), "--reason", "r"}, 2, "acceptance-until");
  refused({"--until", until(10), "--reason", "r", "--key-version", "3"}, 2, "version-unknown");
  const Json done = site.scene.must(
      "inventory", where + kAcme + kOlga + Words{"--until", until(90), "--reason", "no answers"});
  CHECK(done["accepted"][0]["was"] == "imported");
  CHECK(done["accepted"][0]["by"] == "olga@example.org");
  // Again: another end, and the state stays.
  const Json again = site.scene.must("inventory", where + kAcme + kOlga +
                                                      Words{"--until", until(120), "--reason",
                                                            "still none", "--key-version", "1"});
  CHECK(again["accepted"][0]["was"] == "accepted");
  refused({"--until", until(10), "--reason", "r"}, 2, "version-not-given");
  site.shop().put("look.py", as_bytes(std::string_view(R"py(
import hashlib, json, sqlite3
db = sqlite3.connect("site/registry.sqlite")
assert db.execute("SELECT state FROM placement").fetchall() == [("accepted",)]
assert db.execute("SELECT basis FROM state_event WHERE kind = 'placement' AND to_state = 'accepted'").fetchall() == [
    ("officer",)]
kept = [row[0] for row in db.execute("SELECT content FROM decision WHERE kind = 'acceptance' ORDER BY revision")]
log = [json.loads(line) for line in open("site/transcript/log.jsonl")]
told = [c["decision"]["sha256"] for e in log if e.get("act") == "inventory-accept" and e["event"] == "result"
        for c in e.get("facts", {}).get("changes", []) if "decision" in c]
assert len(told) == 2 and told == [hashlib.sha256(text.encode()).hexdigest() for text in kept]
)py")));
  site.shop().must("python3 look.py");
  CHECK(site.shop().naming("answers|payments|Acme", "site/transcript") == "");
}

TEST_CASE("Policy asks officers before an acceptance, and they approve all of it") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kPreActivation);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", false);
  site.shop().must(
      "printf '\\n[approvals.needed.inventory-accept]\\nsecurity-officer = 1\\n' >> "
      "site/site.toml");
  const auto until =
      format_rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) +
                     std::chrono::days(90));
  const auto accept = [&](const std::string& reason, const Words& approvals) {
    return site.scene.run("inventory", Words{"accept", "--key", "payments", "--destination",
                                             "alias/acme", "--until", until, "--reason", reason} +
                                           kAcme + kOlga + approvals);
  };
  site.scene.refused(accept("no answers", {}), 7, "approval-needed");
  CHECK(site.state_at_cloud() == "imported\n");
  const auto statement = site.scene.statement();
  // What approvers read, by python3: the reason too.
  site.shop().must(
      "python3 -c 'import json, sys; names = json.load(open(sys.argv[1])); assert \"no "
      "answers\" in json.dumps(names), names' \"$(dirname '" +
      statement + "')/names.json\"");
  const Words carol{"--approval", site.scene.sign("carol", statement)};
  site.scene.refused(accept("another reason", carol), 6, "statement-other-request");
  CHECK(site.state_at_cloud() == "imported\n");
  CHECK(accept("no answers", carol).exit_code == 0);
  CHECK(site.state_at_cloud() == "accepted\n");
  site.scene.refused(accept("no answers", carol), 6, "statement-used");
  const auto entries = site.scene.entries();
  const auto intent = std::ranges::find_if(entries, [](const Json& entry) {
    return entry["event"] == "intent" && entry.contains("approval");
  });
  REQUIRE(intent != entries.end());
  CHECK((*intent)["approval"]["by"][0]["identity"] == "carol@example.org");
  (void)site.scene.verify();
}

TEST_CASE(
    "What the acts on versions print with --json has the shape that docs/formats/json.md shows") {
  const Versioned site;
  if (!site.ready()) return;
  site.put_version(VersionState::kActive);
  site.put_placement(1, "1234abcd-12ab-34cd-56ef-1234567890ab", true);
  const auto done =
      site.scene.run("key", Words{"suspend", "payments", "--reason", "r"} + kAcme + kOlga);
  REQUIRE(done.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
        document_shape(documented_example("key-state-result")));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
