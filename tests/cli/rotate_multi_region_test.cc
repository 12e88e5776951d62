// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A multi-Region KMS key on its rotations: the primary key first, then each replica with the
// material that AWS knows from there. Each is asked for, imported and judged on its own. The
// stand-in encrypts by openssl with what each Region was given.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};
const std::vector<std::string> kRegions{"eu-central-1", "eu-north-1", "eu-west-1"};

struct MultiRegion : RotatingCloud {
  MultiRegion() {
    if (!ready()) return;
    Words regions;
    for (const auto& region : kRegions) regions = regions + Words{"--jurisdiction", region};
    (void)site.scene.must("tenant", Words{"change", "Acme"} + regions + kOlga);
    serve("eu-central-1", {"--multi-region"});
    for (const std::string region : {"eu-north-1", "eu-west-1"})
      serve(region, {"--replica-of", "eu-central-1"});
  }
  void serve(const std::string& region, const Words& more) const {
    (void)site.scene.must("destination", Words{"add", "alias/payments", "--provider", "aws",
                                               "--account", "111122223333", "--region", region,
                                               "--wrapping-algorithm", "RSAES_OAEP_SHA_1"} +
                                             more + kPayments + kOlga);
  }
  // "eu-central-1 proven, ..." of a version.
  [[nodiscard]] std::string at_regions(const std::string& version) const {
    return site.look(
        "print(', '.join(f'{r} {s}' for r, s in db.execute('SELECT d.region, p.state FROM "
        "placement p JOIN destination d ON d.id = p.destination_id WHERE p.number = " +
        version + " ORDER BY d.region')))");
  }
  [[nodiscard]] std::string id_of(const std::string& region) const {
    return site.look(
        "print(*db.execute('SELECT id FROM destination WHERE region = ?', "
        "sys.argv[1:]).fetchone())",
        region);
  }
  [[nodiscard]] std::string bundle(const std::string& folder, const std::string& region,
                                   const std::string& version) const {
    return folder + "/aws-" + id_of(region).substr(0, 8) + "-v" + version;
  }
  void import_at(const std::string& folder, const std::string& region,
                 const std::string& version) const {
    site.cloud("sh " + bundle(folder, region, version) + "/import.sh");
  }
  void again_at(const std::string& folder, const std::string& region,
                const std::string& version) const {
    const auto first = bundle(folder, region, version);
    site.cloud("sh " + first + "-again/import.sh --first-answers " + first + ".answers");
  }
  [[nodiscard]] std::string current(const std::string& region) const {
    return site.cloud("aws kms describe-key --key-id alias/payments --region " + region +
                      " --query KeyMetadata.CurrentKeyMaterialId --output text");
  }
  [[nodiscard]] std::string encrypted(const std::string& region) const {
    return site.cloud("aws kms encrypt --key-id alias/payments --region " + region +
                      " --plaintext aGVsbG8= --query CiphertextBlob --output text");
  }
  [[nodiscard]] std::string opened(const std::string& region, const std::string& blob) const {
    return site.cloud("aws kms decrypt --key-id alias/payments --region " + region +
                      " --ciphertext-blob " + blob + " --query Plaintext --output text");
  }
  // The first version, everywhere.
  void serve_first() const {
    (void)ask_and_make("asks1", "bundles1");
    import_at("bundles1", "eu-central-1", "1");
    again_at("bundles1", "eu-central-1", "1");
    (void)rotate(in("--answers", "bundles1") + in("--output", "asks1"));
    (void)make("asks1", "bundles1");
    for (const std::string region : {"eu-north-1", "eu-west-1"}) {
      import_at("bundles1", region, "1");
      again_at("bundles1", region, "1");
    }
    CHECK(rotate(in("--answers", "bundles1"))["state"] == "done");
    const auto id = site.look(
        "print(db.execute('SELECT cloud_key FROM placement').fetchone()[0].rsplit('/')[-1])");
    for (const auto& region : kRegions)
      site.cloud("aws kms create-alias --alias-name alias/payments --region " + region +
                 " --target-key-id arn:aws:kms:" + region + ":111122223333:key/" + id);
  }
};

TEST_CASE("A replica follows its primary key, and a version that one of them lacks is not active") {
  const MultiRegion at;
  if (!at.ready()) return;
  // The primary key is asked for, and nothing of its replicas.
  CHECK(at.rotate(at.in("--output", "asks"))["asked"].size() == 1);
  CHECK(at.make("asks", "bundles")["made"].size() == 2);
  at.site.shop().must("grep -q -- --multi-region asks/ask-*/fetch.sh");
  at.import_at("bundles", "eu-central-1", "1");
  at.again_at("bundles", "eu-central-1", "1");
  const Json first = at.rotate(at.in("--answers", "bundles") + at.in("--output", "asks"));
  CHECK(first["state"] == "waiting");
  CHECK(first["asked"].size() == 2);
  CHECK(at.at_regions("1") == "eu-central-1 proven");
  // The same key id in each Region, and the material by the id that the primary key has.
  CHECK(at.make("asks", "bundles")["made"].size() == 4);
  at.site.shop().must("test $(grep -l 'replicate-key' asks/ask-*/fetch.sh | wc -l) -eq 2");
  CHECK(at.site.look(R"py(
import glob
ids = [json.load(open(path))["cloud"] for path in sorted(glob.glob("bundles/*-v1/manifest.json"))]
print(len({one["key"].rsplit("/")[-1] for one in ids}), len({one["key"] for one in ids}))
)py") == "1 3");
  at.import_at("bundles", "eu-north-1", "1");
  at.again_at("bundles", "eu-north-1", "1");
  // The answers of one replica say nothing of the other.
  at.site.cloud("cp -R " + at.bundle("bundles", "eu-north-1", "1") + ".answers " +
                at.bundle("bundles", "eu-west-1", "1") + ".answers");
  const Json second = at.rotate(at.in("--answers", "bundles"));
  CHECK(second["state"] == "waiting");
  CHECK(at.at_regions("1") == "eu-central-1 proven, eu-north-1 proven, eu-west-1 wrapped");
  CHECK(at.states() == "1 pre-activation;");
  at.site.cloud("rm -r " + at.bundle("bundles", "eu-west-1", "1") + ".answers");
  at.import_at("bundles", "eu-west-1", "1");
  at.again_at("bundles", "eu-west-1", "1");
  CHECK(at.rotate(at.in("--answers", "bundles"))["state"] == "done");
  CHECK(at.at_regions("1") == "eu-central-1 proven, eu-north-1 proven, eu-west-1 proven");
  CHECK(at.states() == "1 active;");
}

TEST_CASE("A multi-Region key rotates in place when each replica has the new material") {
  const MultiRegion at;
  if (!at.ready()) return;
  at.serve_first();
  const auto old = at.encrypted("eu-west-1");
  const auto before = at.current("eu-central-1");
  CHECK(at.current("eu-west-1") == before);
  CHECK(at.ask_and_make("asks2", "bundles2")["made"].size() == 2);
  at.import_at("bundles2", "eu-central-1", "2");
  CHECK(at.rotate(at.in("--answers", "bundles2") + at.in("--output", "asks2"))["asked"].size() ==
        2);
  CHECK(at.make("asks2", "bundles2")["made"].size() == 4);
  at.import_at("bundles2", "eu-north-1", "2");
  // AWS does not rotate while a replica lacks it.
  at.site.cloud(
      "! aws kms rotate-key-on-demand --region eu-central-1 --key-id alias/payments 2> /dev/null");
  at.import_at("bundles2", "eu-west-1", "2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["state"] == "waiting");
  CHECK(at.at_regions("2") == "eu-central-1 imported, eu-north-1 imported, eu-west-1 imported");
  for (const auto& region : kRegions) {
    CHECK(at.states() == "1 active; 2 pre-activation;");
    at.accept("aws", at.id_of(region));
    (void)at.rotate({});
  }
  CHECK(at.rotate(at.in("--output", "switch"))["switch"].size() == 1);
  CHECK(at.states() == "1 deactivated; 2 active;");
  // One command, at the primary key; the replicas are asked whether they followed.
  at.site.cloud("sh switch/*/aws-switch.sh --print > printed; sh switch/*/aws-switch.sh");
  at.site.shop().must(
      "test $(grep -c '^aws kms rotate-key-on-demand ' printed) -eq 1 && "
      "test $(grep -c '^aws kms describe-key ' printed) -eq 2");
  CHECK(at.current("eu-central-1") != before);
  for (const auto& region : kRegions) {
    CHECK(at.current(region) == at.current("eu-central-1"));
    CHECK(at.opened(region, old) == "aGVsbG8=");
    CHECK(at.opened(region, at.encrypted("eu-north-1")) == "aGVsbG8=");
    at.again_at("bundles2", region, "2");
  }
  (void)at.rotate(at.in("--answers", "bundles2"));
  CHECK(at.at_regions("2") == "eu-central-1 proven, eu-north-1 proven, eu-west-1 proven");
}

TEST_CASE("A replica without a primary destination waits, and says what is missing") {
  const RotatingCloud at;
  if (!at.ready()) return;
  (void)at.site.scene.must(
      "destination", Words{"add", "alias/payments", "--provider", "aws", "--account",
                           "111122223333", "--region", "eu-central-1", "--replica-of", "eu-west-1",
                           "--wrapping-algorithm", "RSAES_OAEP_SHA_1"} +
                         kPayments + kOlga);
  const Json waits = at.rotate(at.in("--output", "asks"));
  CHECK(waits["asked"].empty());
  CHECK(waits["waits_for"][0]["do"].get<std::string>().find("--multi-region") != std::string::npos);
  const auto refused = at.site.scene.run(
      "destination", Words{"add", "alias/other", "--provider", "aws", "--account", "111122223333",
                           "--region", "eu-central-1", "--replica-of", "eu-central-1",
                           "--wrapping-algorithm", "RSAES_OAEP_SHA_1"} +
                         kPayments + kOlga);
  at.site.scene.refused(refused, 2, "replica-place");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
