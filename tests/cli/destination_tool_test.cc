// Destinations as an operator keeps them: what the tool says, what the registry has by python3, and
// what the log has of them, which is no name.
#include <doctest/doctest.h>

#include "cli/document_shape.h"
#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kAcme{"--tenant", "Acme", "--key", "payments"};
const Words kAws{"--provider",        "aws", "--account", "111122223333", "--wrapping-algorithm",
                 "RSAES_OAEP_SHA_256"};
const Words kGoogle{"--provider", "google", "--import-method", "rsa-oaep-4096-sha256-aes-256"};

struct Placed {
  SiteRoom scene{};
  Placed() {
    if (!ready()) return;
    (void)scene.must("tenant",
                     Words{"add", "Acme", "--jurisdiction", "eu-central-1", "--jurisdiction",
                           "westeurope", "--jurisdiction", "europe-west3"} +
                         kOlga);
    (void)scene.must("key",
                     Words{"add", "payments", "--tenant", "Acme", "--type", "aes-256"} + kOlga);
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  Json must(const Words& words) const { return scene.must("destination", words + kOlga); }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("destination", words + kOlga), exit_code, code);
  }
  void python(std::string_view text) const {
    shop().put("edit.py", as_bytes(text));
    shop().must("python3 edit.py");
  }
};

TEST_CASE("A destination is added, changed and retired, the log has its digest and no name of it") {
  const Placed site;
  if (!site.ready()) return;
  const Json added =
      site.must(Words{"add", "alias/acme", "--region", "EU-central-1"} + kAcme + kAws);
  const Json one = added["destinations"][0];
  CHECK(one["region"] == "eu-central-1");
  CHECK(one["region_declared"] == true);
  CHECK(one["wrapping"] == "rsa-oaep-sha256");
  (void)site.must(Words{"change", "alias/acme", "--wrapping-algorithm", "RSAES_OAEP_SHA_1",
                        "--key-usage", "ENCRYPT_DECRYPT"} +
                  kAcme);
  (void)site.must(Words{"change", "alias/acme", "--without", "key-usage"} + kAcme);
  Json shown = site.must(Words{"show", "alias/acme"} + kAcme);
  CHECK(shown["options"] == Json{{"wrapping-algorithm", "RSAES_OAEP_SHA_1"}});
  CHECK(shown["wrapping"] == "rsa-oaep-sha1");
  CHECK(shown["jurisdiction"] == "inside");
  (void)site.must(Words{"retire", "alias/acme", "--reason", "closed for good"} + kAcme);
  site.refused(Words{"retire", "alias/acme", "--reason", "r"} + kAcme, 1, "destination-retired");
  site.refused(Words{"change", "alias/acme", "--key-usage", "ENCRYPT_DECRYPT"} + kAcme, 1,
               "destination-retired");
  shown = site.must(Words{"show", one["id"].get<std::string>()} + kAcme);
  CHECK(shown["retired_reason"] == "closed for good");
  (void)site.must(Words{"retire", "alias/acme", "--end", "--reason", "opened"} + kAcme);
  site.refused(Words{"retire", "alias/acme", "--end", "--reason", "r"} + kAcme, 1,
               "destination-not-retired");
  CHECK(site.must({"list", "--tenant", "Acme"})["destinations"][0]["retired"].is_null());
  site.python(R"py(
import hashlib, json, sqlite3
db = sqlite3.connect("site/registry.sqlite")
kept = [row[0] for row in db.execute("SELECT content FROM decision WHERE kind = 'destination' ORDER BY revision")]
log = [json.loads(line) for line in open("site/transcript/log.jsonl")]
told = [c["decision"]["sha256"] for e in log if e.get("act", "").startswith("destination-") and e.get("outcome") == "done"
        for c in e["facts"]["changes"]]
assert len(told) == 5 and told == [hashlib.sha256(text.encode()).hexdigest() for text in kept]
name, region, declared, retired = db.execute(
    "SELECT name, region, region_declared, retired_ms FROM destination").fetchone()
assert (name, region, declared, retired) == ("alias/acme", "eu-central-1", 1, None)
# Neither the batch's id nor the rows find the manifest's SHA-256 again: a salt that nobody has is in it.
assert all("salt" not in e.get("facts", {}) for e in log)
)py");
  CHECK(site.shop()
            .naming("Acme|payments|eu-central|111122223333|closed", "site/transcript")
            .empty());
  (void)site.scene.must("resume", {});
  (void)site.scene.verify();
}

TEST_CASE("The identifier says account, container and region, what it does not say is declared") {
  const Placed site;
  if (!site.ready()) return;
  const auto added = [&](const Words& words) {
    return site.must(Words{"add"} + words + kAcme)["destinations"][0];
  };
  Json one = added({"arn:aws:kms:eu-central-1:111122223333:alias/acme", "--provider", "aws",
                    "--wrapping-algorithm", "RSAES_OAEP_SHA_256"});
  CHECK(one["name"] == "alias/acme");
  CHECK(one["account"] == "111122223333");
  CHECK(one["region"] == "eu-central-1");
  CHECK(one["region_declared"] == false);
  one =
      added(Words{"projects/acme-1/locations/europe-west3/keyRings/byok/cryptoKeys/pay"} + kGoogle);
  CHECK(one["account"] == "acme-1");
  CHECK(one["container"] == "byok");
  CHECK(one["region_declared"] == false);
  CHECK(one["wrapping"] == "rsa-aes-key-wrap-sha256");
  one = added({"https://acme.managedhsm.azure.net/keys/pay", "--provider", "azure", "--region",
               "westeurope"});
  CHECK(one["container"] == "acme.managedhsm.azure.net");
  CHECK(one["region_declared"] == true);
  CHECK(one["wrapping"] == "rsa-aes-key-wrap-sha1");
  // Two of one name: the id or the provider says which.
  site.refused(Words{"show", "pay"} + kAcme, 2, "destination-ambiguous");
  CHECK(site.must(Words{"show", "pay", "--provider", "azure"} + kAcme)["id"] == one["id"]);
  CHECK(site.must(Words{"show", "https://acme.managedhsm.azure.net/keys/pay"} + kAcme)["id"] ==
        one["id"]);
  CHECK(site.must(Words{"show", "arn:aws:kms:eu-central-1:111122223333:alias/acme"} +
                  kAcme)["name"] == "alias/acme");
  site.refused(Words{"change", "pay", "--provider", "google", "--region", "europe-west4"} + kAcme,
               2, "identifier-mismatch");
}

TEST_CASE("A region outside the tenant's jurisdictions is refused, and shown when they changed") {
  const Placed site;
  if (!site.ready()) return;
  site.refused(Words{"add", "alias/acme", "--region", "us-east-1"} + kAcme + kAws, 1,
               "region-outside-jurisdictions");
  (void)site.must(Words{"add", "alias/acme", "--region", "eu-central-1"} + kAcme + kAws);
  site.refused(Words{"change", "alias/acme", "--region", "us-east-1"} + kAcme, 1,
               "region-outside-jurisdictions");
  (void)site.scene.must("tenant", Words{"change", "Acme", "--jurisdiction", "westeurope"} + kOlga);
  CHECK(site.must(Words{"show", "alias/acme"} + kAcme)["jurisdiction"] == "outside");
}

TEST_CASE("A destination that was edited in the registry is not used") {
  const Placed site;
  if (!site.ready()) return;
  (void)site.must(Words{"add", "alias/acme", "--region", "eu-central-1"} + kAcme + kAws);
  site.python(
      "import sqlite3\ndb = sqlite3.connect('site/registry.sqlite')\n"
      "db.execute(\"UPDATE destination SET account = '999999999999'\")\ndb.commit()\n");
  site.refused(Words{"show", "alias/acme"} + kAcme, 6, "decision-edited");
  site.refused(Words{"retire", "alias/acme", "--reason", "r"} + kAcme, 6, "decision-edited");
}

TEST_CASE("What destination prints with --json has the shape that docs/formats/json.md shows") {
  const Placed site;
  if (!site.ready()) return;
  const auto check = [&](const char* name, const Words& words) {
    CAPTURE(name);
    const auto done = site.scene.run("destination", words + kOlga);
    REQUIRE(done.exit_code == 0);
    CHECK(document_shape(parse_json(as_bytes(done.out), "output")) ==
          document_shape(documented_example(name)));
  };
  check("destination-result",
        Words{"add", "alias/acme", "--region", "eu-central-1"} + kAcme + kAws);
  check("destination-list-result", {"list", "--tenant", "Acme"});
  check("destination-show-result", Words{"show", "alias/acme"} + kAcme);
}

TEST_CASE("Many destinations from a file: all of them, or none") {
  const Placed site;
  if (!site.ready()) return;
  const auto add = [&](const char* name, std::string_view text) {
    site.shop().put(name, as_bytes(text));
    return Words{"add", "--from", site.scene.room().path(name)};
  };
  const Json all = site.must(add("d.toml",
                                 "[[destination]]\ntenant = \"Acme\"\nkey = \"payments\"\n"
                                 "provider = \"aws\"\n"
                                 "name = \"arn:aws:kms:eu-central-1:111122223333:alias/a\"\n"
                                 "options.wrapping-algorithm = \"RSAES_OAEP_SHA_256\"\n\n"
                                 "[[destination]]\ntenant = \"Acme\"\nkey = \"payments\"\n"
                                 "provider = \"azure\"\nname = \"pay\"\nregion = \"westeurope\"\n"
                                 "container = \"acme.managedhsm.azure.net\"\n"
                                 "options.ops = [\"wrapKey\", \"unwrapKey\"]\n"));
  CHECK(all["destinations"].size() == 2);
  CHECK(all["destinations"][1]["options"]["ops"].size() == 2);
  const std::string line =
      R"({"tenant":"Acme","key":"payments","provider":"google","name":"g","account":"p-1",)"
      R"("container":"r","region":"europe-west3","options":)";
  site.refused(add("twice", line + "{\"import-method\":\"rsa-oaep-4096-sha256\"}}\n" + line +
                                "{\"import-method\":\"rsa-oaep-4096-sha256\"}}\n"),
               1, "destination-exists");
  site.refused(add("other", line + "{\"key-spec\":\"RSA_2048\"}}\n"), 2, "option-not-for-provider");
  site.refused(add("form", line + "7}\n"), 3, "json-wrong-type");
  site.refused(add("field", "{\"vault\":\"x\"}\n"), 3, "records-unknown-field");
  CHECK(site.must({"list", "--tenant", "Acme"})["destinations"].size() == 2);
}

TEST_CASE("Destinations that cannot be are refused, each with its code, and nothing is written") {
  const Placed site;
  if (!site.ready()) return;
  const auto none = [&](const Words& words, const std::string& code, int exit_code = 2) {
    site.refused(Words{"add"} + words + kAcme, exit_code, code);
  };
  site.refused({"add"}, 2, "name-or-file");
  site.refused({"add", "n"}, 2, "destination-incomplete");
  none(Words{"acme", "--region", "eu-central-1"} + kAws, "key-name-invalid");
  none(Words{"alias/aws/s3", "--region", "eu-central-1"} + kAws, "key-name-invalid");
  none(Words{"alias/a"} + kAws, "destination-incomplete");
  none(Words{"alias/a", "--region", "a b"} + kAws, "region-invalid");
  none({"alias/a", "--region", "eu-central-1", "--provider", "aws", "--account", "1",
        "--wrapping-algorithm", "RSAES_OAEP_SHA_256"},
       "account-invalid");
  none(Words{"arn:aws:kms:eu-west-1:111122223333:alias/a", "--region", "eu-central-1"} + kAws,
       "identifier-mismatch");
  none(Words{"alias/a", "--container", "c", "--region", "eu-central-1"} + kAws,
       "option-not-for-provider");
  none(Words{"alias/a", "--import-method", "rsa-oaep-4096-sha256", "--region", "eu-central-1"} +
           kAws,
       "option-not-for-provider");
  none({"alias/a", "--region", "eu-central-1", "--provider", "aws", "--account", "111122223333"},
       "wrapping-algorithm-missing");
  none(Words{"alias/a", "--region", "eu-central-1", "--key-spec", "RSA_2048"} + kAws,
       "cloud-type-not-for-key");
  none({"k", "--provider", "azure", "--container", "acme", "--region", "westeurope"},
       "container-invalid");
  none({"k", "--provider", "google", "--account", "p", "--container", "r", "--region",
        "europe-west3"},
       "import-method-missing");
  site.refused(Words{"show", "alias/a"} + kAcme, 2, "destination-unknown");
  (void)site.must(Words{"add", "alias/a", "--region", "eu-central-1"} + kAcme + kAws);
  none(Words{"alias/a", "--region", "eu-central-1"} + kAws, "destination-exists", 1);
  site.refused(Words{"change", "alias/a"} + kAcme, 2, "nothing-to-change");
  (void)site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "r"} + kOlga);
  none(Words{"alias/b", "--region", "eu-central-1"} + kAws, "tenant-not-active", 1);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
