// A tenant's key from its making to its places at three clouds, proven by what the clouds answer:
// wrap-for-import --tenant, import.sh, verify-import, key activate. The clouds are stand-ins that
// open what is imported by openssl; what the registry has is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/tenant_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};

void refused(const TenantCloud& site, const std::string& cloud, const Words& more, int exit_code,
             const std::string& code) {
  CAPTURE(code);
  const auto before = site.scene.entries().size();
  site.scene.refused(site.run_wrap(cloud, more), exit_code, code);
  const auto entries = site.scene.entries();
  for (std::size_t i = before; i < entries.size(); ++i) CHECK(entries[i]["event"] != "intent");
  site.shop().must("test ! -e refused.bundle");
}

Words to(const TenantCloud& site, const std::string& folder) {
  return {"--out", site.path(folder)};
}

// Azure wraps the challenge by the key, as the token did: C_WrapKey of it as a session key.
void prove_at_azure(const TenantCloud& site) {
  const Json at_azure = site.wrap("azure", site.azure_parameters("kek") + to(site, "azure.bundle"));
  CHECK(at_azure["placement"]["state"] == "wrapped");
  CHECK(at_azure["placement"]["region"] == "westeurope");
  CHECK(at_azure["placement"]["region_declared"] == true);
  CHECK(at_azure["bundles"][0]["why_not_provable"].is_null());
  site.cloud("sh azure.bundle/import.sh");
  const Json judged = site.judge("azure.bundle", 0);
  CHECK(judged["basis"] == "cryptographic");
  CHECK(judged["placement"]["state"] == "proven");
}

// AWS has no question for such a key: the re-import is its word.
void prove_at_aws(const TenantCloud& site) {
  const Words first = site.aws_parameters("first");
  const Json at_aws = site.wrap(
      "aws", first + site.aws_again("again", "first", "again.bundle") + to(site, "aws.bundle"));
  CHECK(at_aws["placement"]["region_declared"] == false);  // the ARN has it
  site.cloud("sh aws.bundle/import.sh");
  CHECK(site.judge("aws.bundle", 7)["placement"]["state"] == "imported");
  site.cloud("sh again.bundle/import.sh --first-answers aws.bundle.answers");
  CHECK(site.judge("again.bundle", 0)["placement"]["state"] == "proven");
}

// What Google answers proves nothing for this algorithm: an officer accepts it by name.
void accept_at_google(const TenantCloud& site) {
  const Json at_google =
      site.wrap("google", site.google_parameters("job") + to(site, "google.bundle"));
  CHECK(at_google["placement"]["region_declared"] == false);
  CHECK_FALSE(at_google["bundles"][0]["why_not_provable"].is_null());
  site.cloud("sh google.bundle/import.sh create; sh google.bundle/import.sh");
  CHECK(site.judge("google.bundle", 7)["placement"]["state"] == "imported");
  CHECK(site.placements() == "aws proven, azure proven, google imported");
  site.scene.refused(
      site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga), 1,
      "destination-unproven");
  (void)site.scene.must(
      "inventory", Words{"accept", "--destination", "payments", "--provider", "google", "--reason",
                         "no answer proves it", "--until",
                         site.cloud("date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ")} +
                       kPayments + kOlga);
}

// The ids are the clouds' own, each bundle is a copy, and what is wrapped has an end.
void check_rows(const TenantCloud& site) {
  site.look(R"py(
keys = {provider: (key, version) for provider, key, version in db.execute(
    "SELECT d.provider, p.cloud_key, p.cloud_version FROM placement p "
    "JOIN destination d ON d.id = p.destination_id")}
answers = lambda folder: open(folder + ".answers/" + sys.argv[1]).read()
assert keys["aws"][0] == open("first.arn").read().strip()
assert keys["azure"][0] == "https://acme.managedhsm.azure.net/keys/payments"
assert keys["azure"][1].startswith(keys["azure"][0] + "/")
assert keys["google"][0] == "projects/acme/locations/europe-west3/keyRings/ring/cryptoKeys/payments"
assert keys["google"][1] == keys["google"][0] + "/cryptoKeyVersions/1", keys["google"]
import glob
state = "".join(open(name).read() for name in glob.glob("cloud/**/*.json", recursive=True))
assert len(keys["aws"][1]) == 64 and keys["aws"][1] in state
bundles = db.execute("SELECT sha256 FROM key_copy WHERE form = 'bundle' AND state = 'given-away'").fetchall()
import hashlib
made = {hashlib.sha256(open(name + ".bundle/manifest.json", "rb").read()).hexdigest()
        for name in ("aws", "again", "azure", "google")}
assert {row[0] for row in bundles} == made
ends = db.execute("SELECT e.until_ms FROM state_event e JOIN placement p ON p.destination_id = e.subject "
                  "JOIN destination d ON d.id = p.destination_id "
                  "WHERE e.kind = 'placement' AND e.to_state = 'wrapped' AND d.provider = 'aws'").fetchall()
import datetime
valid = json.load(open("first.json"))["ParametersValidTo"]
valid = (datetime.datetime.fromtimestamp(valid, datetime.timezone.utc) if not isinstance(valid, str)
         else datetime.datetime.fromisoformat(valid.replace("Z", "+00:00")))
assert abs(ends[0][0] / 1000 - valid.timestamp()) < 1, (ends, valid)
)py");
}

TEST_CASE("A tenant's wrapping key is proven at each cloud as far as the cloud can prove it") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.serve_at_aws();
  site.serve_at_azure();
  site.serve_at_google();
  CHECK(site.make_version()["attributes"]["CKA_ENCRYPT"] == "false");
  prove_at_azure(site);
  prove_at_aws(site);
  accept_at_google(site);
  (void)site.scene.must("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga);
  check_rows(site);
  CHECK(site.shop().naming("payments|Acme", "site/transcript") == "");
  const Json shown = site.scene.must("inventory", {"show", "payments", "--tenant", "Acme"});
  CHECK(shown["active"] == 1);
}

TEST_CASE("The answers of another key never prove a placement") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.serve_at_azure();
  (void)site.make_version();
  (void)site.wrap("azure", site.azure_parameters("kek") + to(site, "azure.bundle"));
  site.cloud("sh azure.bundle/import.sh");
  // The same cloud key, and the challenge wrapped by another key of the same size.
  site.look(R"py(
import base64, glob, os
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
changed = 0
for name in glob.glob("azure.bundle.answers/*"):
    try:
        answer = json.load(open(name))
    except ValueError:
        continue
    if isinstance(answer, dict) and "value" in answer and "kid" in answer:
        other = aes_key_wrap(os.urandom(32), open("azure.bundle/challenge.bin", "rb").read())
        answer["value"] = base64.urlsafe_b64encode(other).decode().rstrip("=")
        open(name, "w").write(json.dumps(answer))
        changed += 1
assert changed == 1, changed
)py");
  CHECK(site.judge("azure.bundle", 6)["placement"]["state"] == "different");
  CHECK(site.placements() == "azure different");
  site.scene.refused(
      site.scene.run("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga), 1,
      "destination-unproven");
  refused(site, "azure", site.azure_parameters("kek2") + to(site, "refused.bundle"), 1,
          "placement-not-for-import");
}

TEST_CASE(
    "What was wrapped before is withdrawn when it is wrapped again, and resume replays that") {
  const TenantCloud site{"generic-secret-32-bytes", "mac"};
  if (!site.ready()) return;
  site.serve_at_aws();
  (void)site.make_version();
  site.shop().must("cp site/registry.sqlite before.sqlite");
  (void)site.wrap("aws", site.aws_parameters("one", "HMAC_256") + to(site, "one.bundle"));
  const Json again =
      site.wrap("aws", site.aws_parameters("two", "HMAC_256") + to(site, "two.bundle"));
  CHECK(again["placement"]["state"] == "wrapped");
  const std::string rows = R"py(
print(json.dumps([db.execute("SELECT state, state_seq FROM placement").fetchall(),
                  sorted(db.execute("SELECT sha256, state FROM key_copy WHERE form = 'bundle'")),
                  db.execute("SELECT seq, from_state, to_state, until_ms, log_seq FROM state_event "
                             "WHERE kind = 'placement' ORDER BY seq").fetchall()]))
)py";
  const auto made = site.look(rows);
  CHECK(made.find("withdrawn") != std::string::npos);
  // Of another KMS key than the placement's: the old bundle's answers change nothing any more.
  site.cloud("sh one.bundle/import.sh");
  CHECK_FALSE(site.judge("one.bundle", 0).contains("placement"));
  site.cloud("sh two.bundle/import.sh");
  CHECK(site.judge("two.bundle", 0)["placement"]["state"] == "proven");
  site.shop().must("cp site/registry.sqlite after.sqlite; cp before.sqlite site/registry.sqlite");
  (void)site.scene.must("resume", kOlga);
  CHECK(site.placements() == "aws proven");
  site.shop().must("cp after.sqlite site/registry.sqlite");
  // Its material is sent there again from the same KMS key alone.
  refused(site, "aws", site.aws_parameters("three", "HMAC_256") + to(site, "refused.bundle"), 1,
          "placement-at-other-key");
  CHECK(site.wrap("aws", site.aws_again("two-again", "two", {}) +
                             to(site, "again.bundle"))["placement"]["state"] == "proven");
}

TEST_CASE("What is given beside the registry must be what the registry says, and may go there") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.serve_at_aws();
  const Words first = site.aws_parameters("first") + to(site, "refused.bundle");
  refused(site, "aws", first, 2, "version-not-given");
  (void)site.make_version();
  refused(site, "aws", first + Words{"--wrapping-algorithm", "RSAES_OAEP_SHA_256"}, 2,
          "option-not-of-destination");
  refused(site, "aws", first + Words{"--region", "eu-west-1"}, 2, "option-not-of-destination");
  refused(site, "aws", first + Words{"--label", "k"}, 2, "name-with-tenant");
  refused(site, "aws", first + Words{"--key-version", "7"}, 2, "version-unknown");
  refused(site, "aws", first + Words{"--destination", "alias/other"}, 2, "destination-unknown");
  refused(site, "azure", site.azure_parameters("kek") + to(site, "refused.bundle"), 2,
          "destination-unknown");
  site.scene.refused(
      site.scene.run("wrap-for-import", Words{"aws", "--tenant", "Acme"} + first + kOlga), 2,
      "tenant-without-key");
  site.scene.refused(site.scene.run("wrap-for-import", Words{"aws", "--destination",
                                                             "alias/payments", "--label", "k"} +
                                                           first + kOlga),
                     2, "tenant-without-key");
  site.cloud("sed 's/eu-central-1/eu-west-1/' first.json > elsewhere.json");
  Words elsewhere = first;
  elsewhere[1] = site.path("elsewhere.json");
  refused(site, "aws", elsewhere, 3, "parameters-of-other-place");
  (void)site.scene.must(
      "destination", Words{"add", "alias/second", "--provider", "aws", "--account", "111122223333",
                           "--region", "eu-central-1", "--wrapping-algorithm", "RSAES_OAEP_SHA_1"} +
                         kPayments + kOlga);
  refused(site, "aws", first, 2, "destination-ambiguous");
  (void)site.scene.must("destination",
                        Words{"retire", "alias/second", "--reason", "closed"} + kPayments + kOlga);
  refused(site, "aws", first + Words{"--destination", "alias/second"}, 1, "destination-retired");
}

TEST_CASE("A tenant that is suspended, another jurisdiction and an edited row stop an import") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.serve_at_aws();
  (void)site.make_version();
  const Words first = site.aws_parameters("first") + to(site, "refused.bundle");
  const Words change{"change", "Acme"};
  (void)site.scene.must("tenant", change + Words{"--jurisdiction", "us-east-1"} + kOlga);
  refused(site, "aws", first, 1, "region-outside-jurisdictions");
  (void)site.scene.must("tenant", change + Words{"--jurisdiction", "eu-central-1"} + kOlga);
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "unpaid"} + kOlga);
  refused(site, "aws", first, 1, "tenant-not-active");
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--end", "--reason", "paid"} + kOlga);
  site.look("db.execute(\"UPDATE destination SET region = 'eu-west-1'\"); db.commit()");
  refused(site, "aws", first, 6, "decision-edited");
}

TEST_CASE("A version that is not used any more goes nowhere, nor does another key under its id") {
  const TenantCloud site{"generic-secret-32-bytes", "mac"};
  if (!site.ready()) return;
  (void)site.make_version();
  (void)site.scene.must("key", Words{"activate", "payments", "--tenant", "Acme"} + kOlga);
  site.serve_at_aws();
  const Words first = site.aws_parameters("first", "HMAC_256") + to(site, "refused.bundle");
  site.shop().must("cp site/registry.sqlite before.sqlite");
  site.look("db.execute(\"UPDATE check_value SET value = '000000'\"); db.commit()");
  const auto run = site.run_wrap("aws", first);
  site.scene.refused(run, 6, "version-differs");
  (void)site.scene.must("resume", kOlga);
  site.look(R"py(
db.execute("DELETE FROM check_value")
db.commit()
)py");
  (void)site.scene.must("key",
                        Words{"suspend", "payments", "--tenant", "Acme", "--reason", "r"} + kOlga);
  refused(site, "aws", first + Words{"--key-version", "1"}, 1, "version-not-for-import");
}

TEST_CASE("A dry run says where the version would go, and writes nothing") {
  const TenantCloud site;
  if (!site.ready()) return;
  site.serve_at_aws();
  (void)site.make_version();
  const auto before = site.scene.entries().size();
  const auto run = site.run_wrap(
      "aws", site.aws_parameters("first") + to(site, "refused.bundle") + Words{"--dry-run"});
  REQUIRE(run.exit_code == 0);
  const Json planned = parse_json(as_bytes(run.out), "output")["plan"];
  CHECK(planned["placement"]["destination"] == "alias/payments");
  CHECK(planned["placement"]["number"] == 1);
  CHECK(site.scene.entries().size() == before);
  CHECK(site.placements().empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
