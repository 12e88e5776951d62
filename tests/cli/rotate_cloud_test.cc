// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A rotation around the work of the connected machine: rotate writes what is to be fetched, wraps
// for what was fetched, and judges what was answered. The clouds are stand-ins; what the registry
// has is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("AWS asks for a new KMS key of a MAC key, which is proven before anything is switched") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  const auto first = at.run(at.in("--output", "asks"));
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(document_shape(parse_json(as_bytes(first.out), "output")) ==
        document_shape(documented_example("rotate-asked")));
  CHECK(at.states() == "1 pre-activation;");
  // Again, into the same folder: nothing is written twice.
  at.site.shop().must("cp -R asks before");
  CHECK(at.rotate(at.in("--output", "asks"))["asked"].size() == 1);
  at.site.shop().must("diff -r before asks");
  const Json made = at.make("asks", "bundles");
  CHECK(made["made"].size() == 1);
  CHECK(made["waits_for"][0]["state"] == "wrapped");
  // A bundle that can still be imported is not made twice, nor are parameters asked for again.
  CHECK(at.rotate(at.in("--parameters", "asks") + at.in("--output", "more"))["made"].empty());
  at.site.shop().must("test -z \"$(ls more)\"");
  at.import("bundles");
  CHECK(at.rotate(at.in("--answers", "bundles"))["state"] == "done");
  CHECK(at.states() == "1 active;");

  CHECK(at.rotate(at.in("--output", "asks2") + Words{"--force"})["asked"].size() == 1);
  CHECK(at.make("asks2", "bundles2")["made"].size() == 1);
  at.import("bundles2");
  // What was made under version 1 is verified by its KMS key alone.
  const Json waits = at.rotate(at.in("--answers", "bundles2"));
  CHECK(waits["state"] == "waiting");
  CHECK(waits["next_step"] == "wait-for-consumers");
  CHECK(at.states() == "1 active; 2 pre-activation;");
  const Json done = at.rotate(at.in("--output", "switch") + Words{"--consumers-ready"});
  CHECK(done["state"] == "done");
  CHECK(at.states() == "1 deactivated; 2 active;");
  CHECK(at.site.look("print([json.loads(e)['request'].get('consumers-ready') for e in "
                     "open('site/transcript/log.jsonl') if '\"consumers-ready\"' in e])") ==
        "[True]");
  at.site.cloud(
      "aws kms create-alias --alias-name alias/payments --region eu-central-1 --target-key-id "
      "$(python3 -c 'import json,glob; "
      "print(json.load(open(glob.glob(\"asks/*.fetched/"
      "key.json\")[0]))[\"KeyMetadata\"][\"Arn\"])')");
  at.site.cloud("sh switch/*/aws-switch.sh && sh switch/*/aws-switch.sh");
  const auto under = at.site.cloud(
      "aws kms describe-key --key-id alias/payments --query KeyMetadata.Arn --output text");
  CHECK(at.site.look("print(db.execute('SELECT cloud_key FROM placement WHERE number = 2')"
                     ".fetchone()[0])") == under);
  // Two KMS keys, of which each has what the token had.
  CHECK(at.site.look(
            "print(db.execute('SELECT count(DISTINCT cloud_key) FROM placement').fetchone())") ==
        "(2,)");
  CHECK(at.site.shop().naming("payments|Acme", "site/transcript") == "");
}

TEST_CASE("What was fetched for another version, and what somebody edited, is not used") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.rotate(at.in("--output", "asks"));
  const auto expected = at.fetch("asks");
  const auto make = [&](const std::string& out) {
    return at.run(at.in("--parameters", "asks") + at.in("--output", out) + expected);
  };
  at.site.shop().must(
      "cp -R asks whole; sed -i 's/\"number\":1/\"number\":2/' asks/*.fetched/ask.json");
  at.site.scene.refused(make("one"), 3, "ask-differs");
  at.site.shop().must("rm -r asks; cp -R whole asks");
  auto other = expected;
  other.back().front() = other.back().front() == '0' ? '1' : '0';
  at.site.scene.refused(at.run(at.in("--parameters", "asks") + at.in("--output", "two") + other), 6,
                        "wrapping-key-unexpected");
  at.site.scene.refused(at.run(at.in("--parameters", "asks") + at.in("--output", "three")), 2,
                        "wrapping-key-not-compared");
  at.site.shop().must("test -z \"$(find one two three -type f)\"");
  at.site.scene.refused(at.run(at.in("--parameters", "asks")), 2, "rotate-folders");
  CHECK(at.site.placements().empty());
}

TEST_CASE(
    "A folder that is missing, or has nothing of the key, is refused before anything is made") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  at.site.shop().must("mkdir -p other/aws-00000000-v1.answers other/ask-aws-00000000-v1.fetched");
  for (const std::string folder : {"missing", "other"}) {
    at.site.scene.refused(at.run(at.in("--answers", folder) + Words{"--force"}), 2,
                          "rotate-folder");
    at.site.scene.refused(at.run(at.in("--parameters", folder) + at.in("--output", "out")), 2,
                          "rotate-folder");
  }
  CHECK(at.states().empty());
  (void)at.rotate(at.in("--output", "asks"));
  // It was not fetched.
  at.site.scene.refused(at.run(at.in("--parameters", "asks") + at.in("--output", "out")), 2,
                        "rotate-folder");
  (void)at.make("asks", "bundles");
  at.site.shop().must("for f in bundles/*-v1; do mkdir $f.answers; done");
  const Json empty = at.rotate(at.in("--answers", "bundles"));
  CHECK(empty["judged"].empty());
  CHECK(empty["remarks"][0].get<std::string>().find("is empty") != std::string::npos);
  CHECK(at.site.placements() == "aws wrapped");
}

// Two versions at the same cloud, the second one imported; its answers are those of the first.
void swap_answers(const RotatingCloud& at) {
  for (const std::string n : {"1", "2"}) {
    (void)at.ask_and_make("asks" + n, "bundles" + n);
    at.import("bundles" + n);
    if (n == "1") CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  }
  at.site.shop().must(
      "rm -r bundles2/*.answers; for f in bundles2/*-v2; do cp -R bundles1/*.answers $f.answers; "
      "done");
}

TEST_CASE("Answers of the version before, given for the next one, are of another key") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  swap_answers(at);
  // The answers name the key of the destination, the bundle has the check name.
  CHECK(at.rotate(at.in("--answers", "bundles2"))["judged"][0]["verdict"] != "proven");
  CHECK(at.site.placements() == "azure proven, azure wrapped");
  // The bundle of version 1 too, under the name of version 2's: nothing is recorded of either.
  at.site.shop().must(
      "cp -R bundles2 moved; for f in moved/*-v2; do rm -r $f; cp -R bundles1/*-v1 $f; done");
  at.site.scene.refused(at.run(at.in("--answers", "moved")), 3, "answers-foreign");
  CHECK(at.site.placements() == "azure proven, azure wrapped");
  // The same, with the names changed too: what was computed is of another key.
  at.site.look(R"py(
import glob
name = json.load(open(glob.glob("bundles2/*-v2/manifest.json")[0]))["cloud"]["key"]
for path in glob.glob("bundles2/*.answers/*.json"):
    text = open(path).read()
    open(path, "w").write(text.replace("https://acme.managedhsm.azure.net/keys/payments", name))
)py");
  at.site.scene.refused(at.run(at.in("--answers", "bundles2")), 6, "rotation-different");
  CHECK(at.site.placements() == "azure proven, azure different");
  CHECK(at.site.scene.run("rotate", {"--status"}).exit_code == 6);
  CHECK(at.states() == "1 active; 2 pre-activation;");
}

TEST_CASE("Answers that name another KMS key say nothing of the one that was wrapped for") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  swap_answers(at);
  const Json told = at.rotate(at.in("--answers", "bundles2"));
  CHECK(told["judged"][0]["verdict"] == "consistent but not proven");
  CHECK(told["waits_for"][0]["state"] == "wrapped");
  CHECK(at.states() == "1 active; 2 pre-activation;");
}

TEST_CASE("Parameters that have expired are fetched anew, and the same version is wrapped again") {
  const RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.rotate(at.in("--output", "asks"));
  (void)at.fetch("asks");
  at.site.shop().must(
      "sed -i 's/\"ParametersValidTo\": \"[0-9]*/\"ParametersValidTo\": \"2020/' "
      "asks/*.fetched/params.json");
  const Json over = at.rotate(at.in("--parameters", "asks") + at.in("--output", "bundles"));
  CHECK(over["made"].empty());
  CHECK(over["asked"].size() == 1);
  CHECK(over["remarks"][0].get<std::string>().find("2020") != std::string::npos);
  // As a run leaves it that was killed before its result was recorded.
  at.site.shop().must(
      "ls asks | sed -n 's/^ask-\\(.*\\).fetched$/bundles2\\/\\1/p' | xargs mkdir -p");
  // fetch.sh fetches them again for the same KMS key.
  const Json made = at.make("asks", "bundles2");
  CHECK(made["made"].size() == 1);
  CHECK(made["remarks"][0].get<std::string>().find("do not import it") != std::string::npos);
  at.site.shop().must("test -s bundles2/aws-*-v1/import.sh && test -d bundles2/*.not-imported-1");
  CHECK(at.site.cloud("ls cloud/aws/keys | wc -l") == "1");
  CHECK(at.states() == "1 pre-activation;");
}

TEST_CASE("What fails at one destination stops no other, and is the error of the key") {
  const RotatingCloud at{"ec-p256", "sign"};
  if (!at.ready()) return;
  at.site.serve_at_aws();  // this token cannot wrap a private key so
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  (void)at.rotate(at.in("--output", "asks"));
  const auto run = at.run(at.in("--parameters", "asks") + at.in("--output", "bundles") +
                          Words{"--accept-padded-pkcs8"} + at.fetch("asks"));
  at.site.scene.refused(run, 4, "no-wrap-method");
  CHECK(at.site.placements() == "google wrapped");
  CHECK(run.err.find("made the bundle ") != std::string::npos);
  at.site.shop().must("test -d bundles/google-*-v1 && test ! -e bundles/aws-*-v1");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
