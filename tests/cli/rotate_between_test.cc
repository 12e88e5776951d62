// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What may happen at the clouds between two steps of a rotation: a destination is deleted, one of
// three is late, answers are those of another version.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kKmsKeyOf =
    "$(python3 -c 'import json,glob,sys; "
    "print(json.load(open(glob.glob(sys.argv[1])[0]))[\"KeyMetadata\"][\"Arn\"])' ";

std::string first_state(const Json& told) { return told.at("waits_for").at(0).at("state"); }

TEST_CASE("A KMS key that is deleted before its import: nothing is recorded, and it goes on anew") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks", "bundles");
  at.site.cloud("aws kms schedule-key-deletion --region eu-central-1 --key-id " +
                std::string(kKmsKeyOf) + "'asks/*.fetched/key.json')");
  CHECK_FALSE(at.runs("bundles/aws-*-v1/import.sh"));
  at.site.shop().must("grep -q KMSInvalidStateException said");
  const Json waits = at.rotate({});
  CHECK(waits["state"] == "waiting");
  CHECK(first_state(waits) == "wrapped");
  CHECK(at.states() == "1 pre-activation;");
  // It is given up at that key, and begins at another.
  CHECK(at.rotate(at.approved({"--abandon"}))["state"] == "given-up");
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["state"] == "done");
  CHECK(at.states() == "1 destroyed; 2 active;");
}

TEST_CASE("What is deleted at a cloud after its import is not proven there") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.mac_at_google();
  (void)at.ask_and_make("asks", "bundles");
  at.import("bundles");
  at.site.cloud(
      "gcloud kms keys versions destroy 1 --key payments --keyring ring --location europe-west3; "
      "rm -r bundles/*.answers");
  (void)at.runs("bundles/google-*-v1/import.sh answers");
  const Json waits = at.rotate(at.in("--answers", "bundles"));
  CHECK(waits["state"] == "waiting");
  CHECK(first_state(waits) != "proven");
  CHECK(at.states() == "1 pre-activation;");
}

TEST_CASE("A bundle that is lost while its parameters live is made anew, of the same version") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  const Words lost{"--bundle-lost", "--reason", "the stick broke"};
  (void)at.rotate({});
  at.site.scene.refused(at.run(lost), 1, "bundle-not-waiting");
  for (const Words& words : {Words{"--bundle-lost"}, Words{"--destination", "alias/payments"},
                             lost + Words{"--abandon"}, lost + at.in("--output", "out")})
    at.site.scene.refused(at.run(words), 2, "rotate-what");
  (void)at.ask_and_make("asks", "bundles");
  at.site.shop().must("mv bundles found");
  // Nothing asks for parameters while there are some.
  CHECK(at.rotate(at.in("--output", "asks2"))["asked"].empty());
  at.site.scene.refused(at.run(lost + Words{"--destination", "alias/other"}), 2,
                        "destination-unknown");
  const Json said = at.rotate(lost + Words{"--destination", "alias/payments"});
  CHECK(first_state(said) == "withdrawn");
  CHECK(said["remarks"][0].get<std::string>().find("can still import it") != std::string::npos);
  CHECK(at.site.look(R"py(
facts = [e["facts"] for e in map(json.loads, open("site/transcript/log.jsonl")) if e["event"] == "result"][-1]
print(sorted(facts), facts["changes"][0]["placement"]["state"])
)py") == "['batch', 'changes', 'destination', 'rows_sha256', 'text_sha256', 'version'] withdrawn");
  at.site.shop().must("grep -rq 'the stick broke' site/texts; ! grep -rq stick site/transcript");
  at.site.scene.refused(at.run(lost), 1, "bundle-not-waiting");
  CHECK(at.ask_and_make("asks2", "bundles")["made"].size() == 1);
  CHECK(at.states() == "1 pre-activation;");
  CHECK(at.rotate({})["remarks"][0].get<std::string>().find("can still import it") !=
        std::string::npos);
  at.import("bundles");
  CHECK(at.rotate(at.in("--answers", "bundles"))["state"] == "done");
  CHECK(at.states() == "1 active;");
}

TEST_CASE("An acceptance that was renewed is shown with the end that it has now") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  (void)at.ask_and_make("asks", "bundles");
  at.import("bundles");
  (void)at.rotate(at.in("--answers", "bundles"));
  at.accept("google", "payments");
  const auto day = at.site.cloud("date -u -d '+60 days' +%Y-%m-%d");
  // A day is meant to its end.
  (void)at.site.scene.must(
      "inventory", {"accept", "--destination", "payments", "--provider", "google", "--key-version",
                    "1", "--reason", "no answer proves it", "--until", day, "--tenant", "Acme",
                    "--key", "payments", "--operator", "olga@example.org"});
  const auto looked = [&](const Words& words) { return at.site.scene.must("inventory", words); };
  const Json shown = looked({"show", "payments", "--tenant", "Acme"});
  const Json& proof = shown["destinations"][0]["placements"][0]["proof"];
  CHECK(proof["verdict"] == "accepted");
  CHECK(proof["until"] == day + "T23:59:59Z");
  CHECK(proof["entry"] == at.site.scene.entries().back()["seq"]);
  const Json listed = looked({"list"});
  CHECK(listed["keys"][0]["destinations"][0]["placements"][0]["proof"]["until"] == proof["until"]);
  const auto due = [&](const std::string& days) {
    return looked({"due", "--within", days}).dump();
  };
  CHECK(due("45").find("acceptance-ends") == std::string::npos);
  CHECK(due("61").find("acceptance-ends") != std::string::npos);
}

TEST_CASE("A version that is proven at two of three destinations is switched nowhere") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  at.mac_at_azure();
  at.mac_at_google();
  CHECK(at.ask_and_make("asks1", "bundles1")["made"].size() == 3);
  at.import("bundles1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  CHECK(at.ask_and_make("asks2", "bundles2")["made"].size() == 3);
  at.site.shop().must("mkdir late; mv bundles2/azure-* late");
  at.import("bundles2");
  const Json two = at.rotate(at.in("--answers", "bundles2") + at.in("--output", "switch") +
                             Words{"--consumers-ready"});
  CHECK(two["judged"].size() == 2);
  CHECK(two["state"] == "waiting");
  CHECK(two["waits_for"].size() == 1);
  CHECK(two["waits_for"][0]["provider"] == "azure");
  CHECK(first_state(two) == "wrapped");
  CHECK(two["switch"].empty());
  CHECK(at.site.placements() ==
        "aws proven, aws proven, azure proven, azure wrapped, google proven, google proven");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  // The word of the owner was of that run alone.
  at.site.shop().must("mv late/* bundles2");
  CHECK(at.runs("bundles2/azure-*-v2/import.sh"));
  CHECK(at.rotate(at.in("--answers", "bundles2"))["next_step"] == "wait-for-consumers");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  CHECK(at.rotate({"--consumers-ready"})["next_step"] == "wait-for-switch");
  CHECK(at.states() == "1 deactivated; 2 active;");
}

TEST_CASE("Google's answers of the version before, given for the next one, are of another key") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.mac_at_google();
  for (const std::string n : {"1", "2"}) {
    (void)at.ask_and_make("asks" + n, "bundles" + n);
    at.import("bundles" + n);
    if (n == "1") CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  }
  at.site.shop().must(
      "rm -r bundles2/*.answers; for f in bundles2/*-v2; do cp -R bundles1/*.answers $f.answers; "
      "done");
  at.site.scene.refused(at.run(at.in("--answers", "bundles2")), 6, "rotation-different");
  CHECK(at.site.placements() == "google proven, google different");
  CHECK(at.states() == "1 active; 2 pre-activation;");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
