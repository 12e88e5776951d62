// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A wrapping key of Azure or Google is approved once, until a day, for all imports into its vault
// or key ring. Fingerprints are made by openssl; what the registry has is edited by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const std::string kVault = "acme.managedhsm.azure.net";
const std::string kRing = "projects/acme/locations/europe-west3/keyRings/ring";

struct Pinning {
  TenantCloud site{};
  Words parameters{};
  std::string sha256{};

  explicit Pinning(const std::string& approvals = "security-officer = 1") {
    if (!site.ready()) return;
    site.shop().must(
        "printf '\\n[wrapping-keys]\\naccepted = [\"compared\", \"pinned\"]\\n"
        "[approvals.needed.destination-pin]\\n" +
        approvals + "\\n' >> site/site.toml");
    site.serve_at_azure();
    (void)site.make_version();
    parameters = site.azure_parameters("kek");
    sha256 = parameters.back();
    parameters.resize(2);  // without --expect-wrapping-key
  }
  [[nodiscard]] std::string until(const std::string& when = "+30 days") const {
    return site.cloud("date -u -d '" + when + "' +%Y-%m-%dT%H:%M:%SZ");
  }
  [[nodiscard]] ProgramRun pin(const std::string& place, const std::string& key,
                               const std::string& end, const Words& more = {}) const {
    return site.scene.run(
        "destination", Words{"pin", place, "--wrapping-key-sha256", key, "--until", end, "--reason",
                             "compared by telephone"} +
                           kOlga + more);
  }
  // Asked for, signed by alice, and done.
  void pinned(const std::string& place, const std::string& key, const std::string& end) const {
    site.shop().must("rm -rf site/approvals/*");
    site.scene.refused(pin(place, key, end), 7, "approval-needed");
    const auto run =
        pin(place, key, end, {"--approval", site.scene.sign("alice", site.scene.statement())});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(run.out), "output")) ==
          document_shape(documented_example("destination-pin-result")));
  }
  [[nodiscard]] ProgramRun unpin(const std::string& place) const {
    return site.scene.run("destination", Words{"unpin", place, "--wrapping-key-sha256", sha256,
                                               "--reason", "it was replaced"} +
                                             kOlga);
  }
  [[nodiscard]] ProgramRun wrap(const std::string& out = "refused.bundle") const {
    return site.run_wrap("azure", parameters + Words{"--out", site.path(out)});
  }
  void refused(int exit_code, const std::string& code) const {
    CAPTURE(code);
    site.scene.refused(wrap(), exit_code, code);
    site.shop().must("test ! -e refused.bundle");
  }
  // As somebody who has the file and SQLite; triggers are in his way, and he takes them away.
  void edit(const std::string& statement) const {
    site.look(
        "kept = db.execute(\"select name, sql from sqlite_schema where type = "
        "'trigger'\").fetchall()\n"
        "for name, sql in kept: db.execute('drop trigger ' + name)\n"
        "assert db.execute(\"\"\"" +
        statement +
        "\"\"\").rowcount > 0\n"
        "for name, sql in kept: db.execute(sql)\n"
        "db.commit()\n");
  }
};

TEST_CASE(
    "A key-exchange key that was pinned with an approval wraps, and Azure proves the import") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.refused(2, "wrapping-key-not-compared");
  scene.pinned(kVault, scene.sha256, scene.until());
  const auto run = scene.wrap("pinned.bundle");
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  scene.site.look(R"py(
assert json.load(open("pinned.bundle/manifest.json"))["wrapping"]["key_basis"] == "pinned"
entries = [json.loads(line) for line in open("site/transcript/log.jsonl")]
facts = entries[-1]["facts"]
if "evidence_sha256" in facts:
    facts = json.load(open("site/transcript/evidence/" + facts["evidence_sha256"]))
(subject, sha256, content), = db.execute("SELECT subject, sha256, content FROM decision WHERE kind = 'pinned-key'")
assert [(k["basis"], k["pin"]) for k in facts["wrapping_keys"]] == [("pinned", subject)]
import hashlib
made = [e for e in entries if e.get("act") == "destination-pin" and e["event"] == "result"]
assert made[0]["facts"]["changes"][0]["decision"]["sha256"] == sha256 == hashlib.sha256(content.encode()).hexdigest()
asked = [e for e in entries if e.get("act") == "destination-pin" and e["event"] == "intent"]
assert asked[0]["approval"]["by"][0]["identity"] == "alice@example.org"
assert "azure.net" not in json.dumps(entries)
)py");
  scene.site.cloud("sh pinned.bundle/import.sh");
  CHECK(scene.site.judge("pinned.bundle", 0)["placement"]["state"] == "proven");
  const Json listed = scene.site.scene.must("destination", Words{"pinned"} + kOlga);
  REQUIRE(listed["pinned"].size() == 1);
  CHECK(listed["pinned"][0]["holds"] == true);
  CHECK(listed["pinned"][0]["sha256"] == scene.sha256);
}

TEST_CASE("Who pins a key where the policy believes no pin is told that it has no effect") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.site.shop().must("sed -i 's/, \"pinned\"//' site/site.toml; rm -rf site/approvals/*");
  const auto day = scene.site.cloud("date -u -d '+30 days' +%Y-%m-%d");
  scene.site.scene.refused(scene.pin(kVault, scene.sha256, day), 7, "approval-needed");
  const auto run =
      scene.pin(kVault, scene.sha256, day,
                {"--approval", scene.site.scene.sign("alice", scene.site.scene.statement())});
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  const Json document = parse_json(as_bytes(run.out), "output");
  CHECK(document["warnings"][0].get<std::string>().find("has no effect") != std::string::npos);
  CHECK(document["result"]["pinned"][0]["until"] == day + "T23:59:59Z");
  scene.site.scene.refused(scene.pin(kVault, scene.sha256, "soon"), 2, "time-invalid");
}

TEST_CASE("A pin that was ended does not hold again where log and registry are put back") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  const auto& shop = scene.site.shop();
  scene.pinned(kVault, scene.sha256, scene.until());
  shop.must("mkdir kept; cp site/registry.sqlite site/transcript/log.jsonl kept");
  REQUIRE(scene.unpin(kVault).exit_code == 0);
  const auto pinned = [&] { return scene.site.scene.run("destination", Words{"pinned"} + kOlga); };
  CHECK(parse_json(as_bytes(pinned().out), "output")["result"]["pinned"][0]["holds"] == false);
  shop.must("cp kept/registry.sqlite site; cp kept/log.jsonl site/transcript");
  scene.site.scene.refused(pinned(), 6, "decision-log-changed");
  // Nor where what the frontier proves is gone.
  shop.must("rm site/transcript/frontier*");
  scene.site.scene.refused(pinned(), 6, "decision-log-changed");
  CHECK(scene.wrap().exit_code == 6);
  shop.must("test ! -e refused.bundle");
}

// As an act at the token would write it, by somebody who has no token: forge.py.
constexpr const char* kForgePin = R"py(
import hashlib
log = "site/transcript/log.jsonl"
lines = open(log, "rb").read().split(b"\n")[:-1]
entries = [json.loads(line) for line in lines]
made = [e for e in entries if e.get("act") == "destination-unpin" and e["event"] == "result"][-1]
intent = [e for e in entries if e.get("run") == made["run"] and e["event"] == "intent"][-1]
pinned = [e for e in entries if e.get("act") == "destination-pin" and e["event"] == "result"][-1]
decision = made["facts"]["changes"][0]["decision"]
decision["sha256"] = pinned["facts"]["changes"][0]["decision"]["sha256"]
for entry in (intent, made):
    entry.pop("vouch", None)
    entry.update(prev=hashlib.sha256(b"\0" + lines[-1]).hexdigest(), seq=len(lines), act="destination-pin")
    lines.append(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode())
open(log, "wb").write(b"\n".join(lines) + b"\n")
)py";

TEST_CASE("An entry that pins a key, and for which the log's key does not vouch, pins none") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.pinned(kVault, scene.sha256, scene.until());
  REQUIRE(scene.unpin(kVault).exit_code == 0);
  scene.site.look(kForgePin);
  // The registry agrees with the newest entry that decides, and that is not the forged one.
  const auto run = scene.site.scene.run("destination", Words{"pinned"} + kOlga);
  CAPTURE(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(parse_json(as_bytes(run.out), "output")["result"]["pinned"][0]["holds"] == false);
}

TEST_CASE(
    "A key is pinned by its hash, at its place, until its day, and until somebody ends that") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.pinned(kVault, std::string(64, '0'), scene.until());
  scene.refused(6, "wrapping-key-not-pinned");
  scene.pinned("other.managedhsm.azure.net", scene.sha256, scene.until());
  scene.refused(6, "wrapping-key-not-pinned");
  scene.pinned(kVault, scene.sha256, scene.until("+10 seconds"));
  scene.site.shop().must("sleep 10");
  scene.refused(6, "wrapping-key-pin-ended");
  scene.pinned(kVault, scene.sha256, scene.until());
  CHECK(scene.unpin(kVault).exit_code == 0);
  scene.refused(6, "wrapping-key-pin-ended");
  scene.site.scene.refused(scene.unpin("nothing.vault.azure.net"), 2, "pin-unknown");
  // The policy alone takes it away too.
  scene.pinned(kVault, scene.sha256, scene.until());
  scene.site.shop().must("sed -i 's/, \"pinned\"//' site/site.toml");
  scene.refused(2, "wrapping-key-not-compared");
}

TEST_CASE("A pin that fewer people approved than the policy wants today does not count") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.pinned(kVault, scene.sha256, scene.until());
  const auto holds = [&scene] {
    return scene.site.scene.must("destination", Words{"pinned"} + kOlga)["pinned"][0]["holds"];
  };
  CHECK(holds() == true);
  scene.site.shop().must(
      "sed -i 's/\"security-officer\"/\"security-officer\", \"auditor\"/' site/roster.toml");
  for (const std::string policy : {"security-officer = 2", "auditor = 1"}) {
    scene.site.shop().must("sed -i '$ s/.*/" + policy + "/' site/site.toml");
    scene.refused(6, "pin-too-few");
    CHECK(holds() == false);
  }
  scene.site.shop().must("sed -i '$ s/.*/security-officer = 1/' site/site.toml");
  CHECK(holds() == true);
  CHECK(scene.wrap("enough.bundle").exit_code == 0);
}

TEST_CASE("A registry in which somebody pinned a key by hand is refused") {
  const Pinning scene{"security-officer = 2"};
  if (!scene.site.ready()) return;
  scene.edit(
      "INSERT INTO decision SELECT 'pinned-key', subject, 0, 1, content, sha256, batch_id FROM "
      "decision WHERE kind = 'destination'");
  scene.refused(6, "decision-edited");
}

TEST_CASE("A pinned key whose row was edited, or whose end was taken out, is refused") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.pinned(kVault, scene.sha256, scene.until());
  CHECK(scene.unpin(kVault).exit_code == 0);
  scene.site.shop().must("cp site/registry.sqlite kept.sqlite");
  scene.edit("DELETE FROM decision WHERE kind = 'pinned-key' AND revision = 2");
  scene.refused(6, "decision-edited");
  scene.site.shop().must("cp kept.sqlite site/registry.sqlite");
  scene.edit(
      "UPDATE decision SET content = replace(content, 'it was replaced', 'x') WHERE kind = "
      "'pinned-key'");
  scene.refused(6, "decision-edited");
}

TEST_CASE("A pin has a place, a hash and an end within a year, and is made once") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  const auto& of = scene.site.scene;
  of.refused(scene.pin(kVault, scene.sha256, scene.until("-1 day")), 2, "pin-until");
  of.refused(scene.pin(kVault, scene.sha256, scene.until("+400 days")), 2, "pin-until");
  for (const std::string place :
       {"acme", "alias/acme", "projects/acme/locations/x", "https://acme.vault.azure.net",
        "projects//locations/l/keyRings/r"})
    of.refused(scene.pin(place, scene.sha256, scene.until()), 2, "pin-place");
  scene.pinned(kVault, scene.sha256, scene.until());
  scene.site.shop().must("rm -rf site/approvals/*");
  const auto end = scene.until();
  of.refused(scene.pin(kVault, scene.sha256, end), 7, "approval-needed");
  of.refused(scene.pin(kVault, scene.sha256, end, {"--approval", of.sign("alice", of.statement())}),
             1, "pinned-already");
}

TEST_CASE("The key of a Google import job is pinned for its key ring") {
  const Pinning scene;
  if (!scene.site.ready()) return;
  scene.site.serve_at_google();
  Words job = scene.site.google_parameters("job");
  const auto key = job.back();
  job.resize(2);
  scene.pinned(kRing, key, scene.until("+2 days"));
  const Json made = scene.site.wrap("google", job + Words{"--out", scene.site.path("g.bundle")});
  CHECK(made["bundles"][0]["wrapping_key_basis"] == "pinned");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
