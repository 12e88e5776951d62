// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole rotations at each cloud: what was encrypted before opens after, and what is encrypted after
// is under the next version. The stand-ins encrypt by openssl with what they were given.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kAlias = "--key-id alias/payments --region eu-central-1 ";

void encrypt_at_aws(const RotatingCloud& at, const std::string& out) {
  at.site.cloud("aws kms encrypt " + std::string(kAlias) +
                "--plaintext aGVsbG8= --query CiphertextBlob --output text > " + out);
}

// The version whose material a ciphertext is under, by the id that AWS gave the material.
std::string version_under(const RotatingCloud& at, const std::string& ciphertext) {
  return at.site.look(
      "import base64; at = base64.b64decode(open(sys.argv[1]).read())[:32].hex(); "
      "print(*db.execute('SELECT number FROM placement WHERE cloud_version = ?', "
      "(at,)).fetchone())",
      ciphertext);
}

TEST_CASE("AWS rotates in place: the KMS key has both versions, and is proven after the switch") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  CHECK(at.ask_and_make("asks1", "bundles1")["made"].size() == 2);
  at.import("bundles1");
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  at.site.cloud(
      "aws kms create-alias --alias-name alias/payments --region eu-central-1 "
      "--target-key-id $(ls cloud/aws/keys | sed 's/.json//')");
  encrypt_at_aws(at, "old");

  CHECK(at.ask_and_make("asks2", "bundles2")["made"].size() == 2);
  at.import("bundles2");
  CHECK(at.site.cloud("ls cloud/aws/keys | wc -l") == "1");
  encrypt_at_aws(at, "between");  // the import switched nothing
  // AWS proves only what its key uses: an officer accepts it for the time until the switch.
  CHECK(at.rotate(at.in("--answers", "bundles2"))["waits_for"][0]["state"] == "imported");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  at.accept("aws", "alias/payments");
  const Json switching = at.rotate(at.in("--output", "switch"));
  CHECK(switching["switch"].size() == 1);
  CHECK(switching["remarks"][0].get<std::string>().find("-again/import.sh") != std::string::npos);
  CHECK(at.states() == "1 deactivated; 2 active;");
  // Who lost the scripts gets them again.
  const Json again = at.site.scene.must(
      "rotate", Words{"--due", "--operator", "olga@example.org"} + at.in("--output", "night"));
  CHECK(again["keys"][0]["switch"].size() == 1);
  at.site.shop().must("diff -r switch night");
  at.site.cloud("sh switch/*/aws-switch.sh --print > printed; sh switch/*/aws-switch.sh");
  at.site.shop().must("grep -q '^aws kms rotate-key-on-demand --key-id ' printed");
  at.site.cloud("sh switch/*/aws-switch.sh 2> told; grep -q 'it is so already' told");
  encrypt_at_aws(at, "new");
  for (const std::string one : {"old", "between", "new"}) {
    CHECK(at.site.cloud("aws kms decrypt " + std::string(kAlias) + "--ciphertext-blob $(cat " +
                        one + ") --query Plaintext --output text") == "aGVsbG8=");
    CHECK(version_under(at, one) == (one == "new" ? "2" : "1"));
  }
  at.site.cloud("sh bundles2/*-again/import.sh --first-answers bundles2/aws-*v2.answers");
  (void)at.rotate(at.in("--answers", "bundles2"));
  CHECK(at.site.placements() == "aws proven, aws proven");
  // AWS proves what it uses: the key serves, and is visited no more.
  const Json late = at.site.scene.must(
      "rotate", Words{"--due", "--operator", "olga@example.org"} + at.in("--output", "late"));
  CHECK(late["keys"].empty());
  CHECK(at.rotate(at.in("--output", "late"))["switch"].empty());
}

TEST_CASE("Google keeps the version before as the primary one until the switch") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  const std::string key = "--key payments --keyring ring --location europe-west3 ";
  const auto encrypt = [&](const std::string& out) {
    at.site.cloud("printf hello > plain; gcloud kms encrypt " + key +
                  "--plaintext-file plain --ciphertext-file " + out);
  };
  for (const std::string n : {"1", "2"}) {
    CHECK(at.ask_and_make("asks" + n, "bundles" + n)["made"].size() == 1);
    at.import("bundles" + n);
    encrypt("before" + n);
    CHECK(at.rotate(at.in("--answers", "bundles" + n))["state"] == "waiting");
    at.accept("google", "payments");
    CHECK(at.rotate(at.in("--output", "switch" + n))["state"] == "done");
  }
  at.site.shop().must("test ! -e switch1");  // nobody used a version before
  at.site.cloud("sh switch2/*/google-switch.sh && sh switch2/*/google-switch.sh");
  encrypt("after");
  // The number of the version is at the beginning.
  for (const std::string one : {"before1", "before2", "after"}) {
    CHECK(at.site.cloud("gcloud kms decrypt " + key + "--ciphertext-file " + one +
                        " --plaintext-file opened && cat opened") == "hello");
    CHECK(at.site.cloud("head -c 4 " + one + " | od -An -tx1 | tr -d ' '") ==
          (one == "after" ? "00000002" : "00000001"));
  }
}

TEST_CASE("At Azure a version is proven under a check name, and its own name is the switch") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  const auto newest = [&] {
    return at.site.cloud(
        "az keyvault key show --hsm-name acme --name payments --query key.kid "
        "--output tsv");
  };
  const auto before = newest();
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  CHECK(newest() == before);
  const auto expected = at.fetch("asks2");
  const Json late = at.rotate(at.in("--answers", "bundles2"));
  CHECK(late["next_step"] == "wait-for-switch");
  CHECK(late["waits_for"][0]["do"].get<std::string>().find("-switch/import.sh") !=
        std::string::npos);
  CHECK(at.states() == "1 deactivated; 2 active;");
  CHECK(at.site.scene.must("rotate", {"--status"})["summary"]["waiting"] == 1);
  CHECK(newest() == before);
  const Json made =
      at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") + expected);
  CHECK(made["made"].size() == 1);
  CHECK(made["remarks"][0].get<std::string>().find("keyrite-check-") != std::string::npos);
  // It is made once.
  CHECK(at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") + expected)["made"]
            .empty());
  at.site.cloud("sh bundles2/*-switch/import.sh");
  CHECK(newest() != before);
  (void)at.rotate(at.in("--answers", "bundles2"));
  CHECK(at.site.placements() == "azure proven, azure serving");
  CHECK(at.site.scene.must("rotate", {"--status"})["keys"].empty());
  CHECK(at.site.look("print(*db.execute('SELECT cloud_version FROM placement WHERE number = 2')"
                     ".fetchone())") == newest());
  // What was wrapped under version 1 is under the version of that name still.
  CHECK(at.site.look("print(*db.execute('SELECT cloud_version FROM placement WHERE number = 1')"
                     ".fetchone())") == before);
}

TEST_CASE(
    "Another key under the name that consumers use is exit code 6, and an alert, until seen to") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  const auto expected = at.fetch("asks2");
  (void)at.rotate(at.in("--answers", "bundles2"));
  (void)at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") + expected);
  // The cloud answers under the name as it did when version 1 was there.
  at.site.shop().must("for f in bundles2/*-switch; do cp -R bundles1/*.answers $f.answers; done");
  const auto failing = at.run(at.in("--answers", "bundles2"));
  at.site.scene.refused(failing, 6, "rotation-different");
  // What was done before it failed is told to programs too.
  const Json error = parse_json(as_bytes(failing.out), "output")["error"];
  REQUIRE(error["keys"].size() == 1);
  CHECK(error["keys"][0]["state"] == "failed");
  CHECK(error["keys"][0]["error"]["code"] == "rotation-different");
  CHECK(error["keys"][0]["judged"][0]["verdict"] == "different");
  CHECK(at.site.placements() == "azure proven, azure different");
  CHECK(at.states() == "1 deactivated; 2 active;");
  at.site.scene.refused(at.run({}), 6, "rotation-different");
  for (const std::string which : {"--status", "--due"}) {
    const auto run = at.site.scene.run("rotate", {which, "--operator", "olga@example.org"});
    CHECK(run.exit_code == 6);
    CHECK(run.err.find("the cloud holds another key than") != std::string::npos);
  }
  const auto alerts = at.site.scene.run("inventory", {"alerts"});
  CHECK(alerts.exit_code == 6);
  CHECK(alerts.out.find("\"cloud-key-different\"") != std::string::npos);
}

// Version 2 is imported and given up, in the token and at the cloud.
void give_up(const RotatingCloud& at, const std::string& state) {
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  (void)at.run(at.in("--answers", "bundles2") + Words{"--stuck-after", "0"});
  const Json given = at.rotate(at.approved(at.in("--output", "gone") + Words{"--abandon"}));
  CHECK(given["state"] == "given-up");
  CHECK(given["delete"].size() == 1);
  CHECK(at.states() == "1 active; 2 destroyed;");
  at.site.scene.room().shop.must("test ! -e gone/delete-*.answers");
  const auto alerts = at.site.scene.run("inventory", {"alerts"});
  CHECK(alerts.exit_code == 6);  // the cloud has it still
  at.site.cloud("sh gone/delete-*/*-delete.sh --print > printed; test -s printed");
  at.site.cloud("sh gone/delete-*/*-delete.sh");
  const Json told =
      at.rotate({"--abandon", "--answers", at.site.cloud("echo $PWD/gone/*.answers")});
  CHECK(told["delete"].empty());
  CHECK(at.site.placements() == state);
  CHECK(at.site.scene.run("inventory", {"alerts"}).exit_code == 0);
  at.site.scene.refused(at.run({"--abandon"}), 1, "version-not-waiting");
}

void serve_first(const RotatingCloud& at) {
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
}

TEST_CASE("A rotation that is given up is deleted at AWS, and the key can rotate again") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  serve_first(at);
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  give_up(at, "aws proven, aws deleted");
  // The KMS key has the material of version 1, which goes on.
  CHECK(at.site.cloud("cat cloud/aws/keys/*.json | grep -c KeyMaterialId") == "1");
  CHECK(at.ask_and_make("asks3", "bundles3")["made"].size() == 2);
  CHECK(at.states() == "1 active; 2 destroyed; 3 pre-activation;");
  CHECK(at.site.shop().naming("payments|Acme", "site/transcript") == "");
}

TEST_CASE("No script deletes the KMS key that has another version too, whatever was judged there") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  serve_first(at);
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  (void)at.rotate(at.in("--answers", "bundles2"));
  const auto set = [&](const std::string& number, const std::string& state) {
    at.site.look("db.execute('UPDATE placement SET state = \"" + state +
                 "\" WHERE number = " + number + "'); db.commit()");
  };
  set("2", "different");
  (void)at.rotate(at.approved(at.in("--output", "gone1") + Words{"--abandon"}));
  CHECK(at.site.cloud("sh gone1/delete-*/aws-delete.sh --print 2>&1 || :")
            .find("delete nothing else") != std::string::npos);
  // The version that serves counts too where no answers came back, or where they were wrong.
  set("2", "imported");
  for (const std::string first : {"wrapped", "different", "deletion-scheduled"}) {
    set("1", first);
    (void)at.rotate(at.in("--output", "gone-" + first) + Words{"--abandon"});
    at.site.cloud("sh gone-" + first +
                  "/delete-*/aws-delete.sh --print | "
                  "grep -q '^aws kms delete-imported-key-material '");
  }
  at.site.shop().must("! grep -rq schedule-key-deletion gone*");
}

TEST_CASE("What is given up at Azure is its check key, and at Google its version") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  for (const std::string n : {"1", "2"}) {
    (void)at.ask_and_make("asks" + n, "bundles" + n);
    at.import("bundles" + n);
    (void)at.rotate(at.in("--answers", "bundles" + n));
    if (n == "2") continue;
    at.accept("google", "payments");
    CHECK(at.rotate({})["state"] == "done");
  }
  CHECK(at.site.placements() == "azure proven, azure proven, google accepted, google imported");
  (void)at.rotate(at.approved(at.in("--output", "gone") + Words{"--abandon"}));
  at.site.cloud("for f in gone/delete-*/*.sh; do sh $f || exit 1; done");
  // What one cloud says wrongly stops no other.
  at.site.cloud("cp -R gone/*.answers bad; sed -i s/deletedDate/other/ bad/azure-*.json");
  at.site.scene.refused(at.run(at.in("--answers", "bad") + Words{"--abandon"}), 3,
                        "deletion-not-shown");
  CHECK(at.site.placements() == "azure proven, azure proven, google accepted, google deleted");
  (void)at.rotate({"--abandon", "--answers", at.site.cloud("echo $PWD/gone/*.answers")});
  CHECK(at.site.placements() ==
        "azure proven, azure deletion-scheduled, google accepted, google deleted");
  at.site.cloud("az keyvault key show --hsm-name acme --name payments");
}

TEST_CASE("A bundle that may have been imported is named when its version is given up") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  serve_first(at);
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  // It is proven, and would become active: the answers are not judged before it is given up.
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  // A folder that is not there stops it before anything.
  at.site.scene.refused(at.run(at.in("--answers", "nosuch") + Words{"--abandon"}), 2,
                        "rotate-folders");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  const Json given = at.rotate(at.approved(at.in("--output", "gone") + Words{"--abandon"}));
  const auto remark = given["remarks"][0].get<std::string>();
  CHECK(remark.find("keyrite-check-") != std::string::npos);
  CHECK(remark.find("what was imported as version 2, and nothing else") != std::string::npos);
  // It is named again for as long as nobody says what became of it, at a retired destination too.
  at.site.look("db.execute('UPDATE destination SET retired_ms = 1'); db.commit()");
  CHECK(at.rotate({"--abandon"})["remarks"][0] == remark);
  CHECK(given["delete"].empty());  // by the registry nothing was imported
  CHECK(at.states() == "1 active; 2 destroyed;");
  CHECK(at.site.placements() == "azure proven, azure withdrawn");
  // Whoever asks the cloud hears that it uses what is destroyed.
  const auto bundle = as_text(at.site.shop().must("printf %s bundles2/*-v2"));
  at.site.scene.refused(
      at.site.scene.run("verify-import",
                        Words{"answers", at.site.path(bundle), "--evidence",
                              at.site.path(bundle + ".answers"), "--operator", "olga@example.org"}),
      6, "destroyed-at-cloud");
}

TEST_CASE("On legal hold no version is given up, and no answer of another key records a deletion") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  serve_first(at);
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["next_step"] == "wait-for-consumers");
  const Words olga{"--operator", "olga@example.org"};
  (void)at.site.scene.must(
      "tenant", Words{"hold", "Acme", "--authority", "a court", "--reason", "a case"} + olga);
  at.site.scene.refused(at.run({"--abandon"}), 1, "legal-hold");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  const std::string serial = at.site.look(
      "print(db.execute(\"SELECT token_serial FROM key_copy WHERE form = "
      "'token'\").fetchone()[0]); "
      "db.execute(\"UPDATE key_copy SET token_serial = 'other' WHERE form = 'token'\"); "
      "db.commit()");
  (void)at.site.scene.must("tenant", Words{"release", "Acme", "--reason", "over"} + olga);
  at.site.scene.refused(at.run(at.approved({"--abandon"})), 1, "copies-elsewhere");
  at.site.look(
      "db.execute('UPDATE key_copy SET token_serial = ? WHERE form = \"token\"', "
      "sys.argv[1:]); db.commit()",
      serial);
  (void)at.rotate(at.approved(at.in("--output", "gone") + Words{"--abandon"}));
  at.site.cloud("sh gone/delete-*/aws-delete.sh");
  at.site.cloud("cp -R gone/*.answers wrong; sed -i 's,key/,key/0,' wrong/*.json");
  at.site.scene.refused(at.run(at.in("--answers", "wrong") + Words{"--abandon"}), 3,
                        "deletion-not-shown");
  at.site.cloud(
      "rm -r wrong; cp -R gone/*.answers wrong; sed -i s/PendingDeletion/Enabled/ "
      "wrong/*.json");
  at.site.scene.refused(at.run(at.in("--answers", "wrong") + Words{"--abandon"}), 3,
                        "deletion-not-shown");
  CHECK(at.site.placements() == "aws proven, aws proven");
  at.site.cloud("mv gone/*.answers right");
  (void)at.rotate(at.in("--answers", "right") + Words{"--abandon"});
  CHECK(at.site.placements() == "aws proven, aws deletion-scheduled");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
