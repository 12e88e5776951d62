// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// shred of a key that clouds have: what would die with it there, the scripts that delete it, and
// what the clouds then say. The clouds are stand-ins that keep what was imported.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kShred{"--tenant", "Acme",         "--key",      "payments",
                   "--reason", "they left us", "--operator", "olga@example.org"};

ProgramRun shred(const RotatingCloud& at, const Words& more) {
  return at.site.scene.run("shred", kShred + more);
}

Words approved(const RotatingCloud& at, const Words& more = {}) {
  at.site.scene.refused(shred(at, more), 7, "approval-needed");
  const auto statement =
      at.site.path(at.site.cloud("ls -t site/approvals/*/statement.json | head -n 1"));
  return more + Words{"--approval", at.site.scene.sign("alice", statement),
                      at.site.scene.sign("bob", statement)};
}

Json result_of(const ProgramRun& done, int exit_code = 0) {
  CAPTURE(done.err);
  REQUIRE(done.exit_code == exit_code);
  return parse_json(as_bytes(done.out), "output")["result"];
}

// A version is at the cloud, and active.
void serve(const RotatingCloud& at) {
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
}

// At AWS, and proven to be there.
void serve_at_aws(const RotatingCloud& at) {
  at.site.serve_at_aws();
  serve(at);
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
}

// The scripts run at the connected machine, and their answers come back.
void check_deletion(const RotatingCloud& at, const std::string& state) {
  const Json done = result_of(shred(at, approved(at) + at.in("--output", "gone")));
  CHECK(done["state"] == "destroyed");
  CHECK(done["written"].size() == 1);
  at.site.cloud("sh gone/*-delete.sh --print > printed; test -s printed && test ! -e gone.answers");
  at.site.cloud("sh gone/*-delete.sh");
  const auto told = shred(at, at.in("--answers", "gone.answers"));
  CHECK(result_of(told)["state"] == "destroyed");
  CHECK(at.site.placements() == state);
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
  CHECK(at.site.shop().naming("payments|Acme", "site/transcript") == "");
}

TEST_CASE("A KMS key is deleted with the tenant's key, on the day that AWS says") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_at_aws(at);
  check_deletion(at, "aws deletion-scheduled");
  // The material goes at once, and the key after AWS's time.
  at.site.shop().must(
      "sed -n 1p printed | grep -q '^aws kms delete-imported-key-material ' && "
      "sed -n 2p printed | grep -q '^aws kms schedule-key-deletion '");
  at.site.cloud(
      "aws kms describe-key --region eu-central-1 --output json --key-id "
      "$(ls cloud/aws/keys | sed 's/.json//') | grep -q PendingDeletion");
}

TEST_CASE(
    "CloudTrail's record of a deletion stands in the certificate, with the key that was compared") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_at_aws(at);
  check_deletion(at, "aws deletion-scheduled");
  const auto key = at.site.cloud(
      "python3 " KEYRITE_SOURCE_DIR
      "/tests/support/cloud_trail.py trail \"$(python3 -c \"import "
      "sqlite3; print(*sqlite3.connect('site/registry.sqlite').execute('SELECT cloud_key FROM "
      "placement').fetchone())\")\"");
  const auto with = [&](const std::string& folder, const std::string& sha256) {
    return Words{"--cloudtrail", at.site.path(folder), "--cloudtrail-key", sha256};
  };
  at.site.scene.refused(shred(at, with("nowhere", key)), 2, "shred-what");
  at.site.scene.refused(shred(at, {"--cloudtrail", at.site.path("trail")}), 2, "shred-what");
  at.site.scene.refused(shred(at, with("trail", std::string(64, '0'))), 6, "trail-key-other");
  CHECK(at.site.placements() == "aws deletion-scheduled");
  CHECK(result_of(shred(at, with("trail", key)))["state"] == "destroyed");
  CHECK(at.site.placements() == "aws deleted");
  const auto issued =
      at.site.scene.run("shred", {"certificate", "--tenant", "Acme", "--key", "payments", "--out",
                                  at.site.path("gone-for-good"), "--operator", "olga@example.org"});
  CHECK(issued.exit_code == 0);
  const Json file = parse_json(at.site.shop().get("gone-for-good/certificate.json"), "certificate");
  CHECK(file["kind"] == "certificate");
  CHECK(file["claims"]["destinations"][0]["cloudtrail_key_sha256"] == key);
  CHECK(file["claims"]["destinations"][0]["cloudtrail_deleted_at"] == "2026-06-03T02:11:44Z");
  at.site.shop().must(
      "grep -q 'AWS CloudTrail: AWS deleted the key at 2026-06-03T02:11:44Z' "
      "gone-for-good/certificate.html");
  const auto checked =
      run_program({tool_path("verify-certificate"), at.site.path("gone-for-good/certificate.json"),
                   "--vkey", at.site.scene.vkey()});
  CHECK(checked.exit_code == 0);
  // It is recorded once.
  const auto lines = at.site.cloud("wc -l < site/transcript/log.jsonl");
  CHECK(result_of(shred(at, with("trail", key)))["state"] == "destroyed");
  CHECK(at.site.cloud("wc -l < site/transcript/log.jsonl") == lines);
}

TEST_CASE("A version at Google is deleted, on the day that Google says") {
  const RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_google();
  at.site.cloud("gcloud kms keyrings create ring --location europe-west3");
  serve(at);
  (void)at.run(at.in("--answers", "bundles1"));
  check_deletion(at, "google deleted");
}

TEST_CASE("A version is not shredded alone where AWS would delete the others with it") {
  const RotatingCloud at;
  if (!at.ready()) return;
  serve_at_aws(at);
  (void)at.ask_and_make("asks2", "bundles2");
  at.import("bundles2");
  (void)at.rotate(at.in("--answers", "bundles2"));
  at.accept("aws", "alias/payments");
  (void)at.rotate(at.in("--output", "switch"));
  CHECK(at.states() == "1 deactivated; 2 active;");
  const auto refused = shred(at, {"--key-version", "1"});
  at.site.scene.refused(refused, 1, "shred-takes-more");
  CHECK(refused.err.find("version(s) 2") != std::string::npos);
  CHECK(at.states() == "1 deactivated; 2 active;");
  // The whole key goes.
  CHECK(result_of(shred(at, approved(at)))["state"] == "destroyed");
  CHECK(at.states() == "1 destroyed; 2 destroyed;");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
