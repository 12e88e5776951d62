// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a cloud answers of a key whose day has come: that there is no such key. The clock goes on by
// libfaketime.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kShred{"--tenant", "Acme",         "--key",      "payments",
                   "--reason", "they left us", "--operator", "olga@example.org"};

TEST_CASE("A KMS key that is not found after its day is gone, and the certificate is one") {
  RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks1", "bundles1");
  at.import("bundles1");
  at.site.cloud("sh bundles1/*-again/import.sh --first-answers bundles1/aws-*v1.answers");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  const auto shred = [&](const std::string& clock, const Words& more) {
    return run_program(Words{"/usr/bin/env", "faketime", "-f", clock, tool_path("shred")} + kShred +
                       more + Words{"--site", at.site.scene.site(), "--json"});
  };
  at.site.scene.refused(shred("+0h", {}), 7, "approval-needed");
  const auto statement =
      at.site.path(at.site.cloud("ls -t site/approvals/*/statement.json | head -n 1"));
  const auto gone = shred(
      "+0h", at.in("--output", "gone") + Words{"--approval", at.site.scene.sign("alice", statement),
                                               at.site.scene.sign("bob", statement)});
  CAPTURE(gone.err);
  REQUIRE(gone.exit_code == 0);
  CHECK(gone.err.find("1 destination has not answered") != std::string::npos);
  at.site.cloud("sh gone/aws-delete.sh");
  CHECK(shred("+0h", at.in("--answers", "gone.answers")).exit_code == 0);
  CHECK(at.site.placements() == "aws deletion-scheduled");
  // Of another key, as somebody mixed them up: it shows nothing.
  at.site.shop().must(
      "mkdir mixed && for f in gone.answers/*.json; do sed 's/key.[0-9a-f]*-/key\\/0-/' "
      "$f > mixed/$(basename $f); done");
  at.site.scene.refused(shred("+0h", at.in("--answers", "mixed")), 3, "deletion-not-shown");
  // 31 days later, and another key is there.
  at.site.cloud("aws kms create-key --origin EXTERNAL --region eu-central-1");
  at.site.cloud("faketime -f +31d sh gone/aws-delete.sh --answers late");
  at.site.cloud("grep -q '\"not_found\":\"NotFoundException\"' late/*.json");
  // Before the day it shows nothing.
  at.site.scene.refused(shred("+0h", at.in("--answers", "late")), 3, "deletion-not-shown");
  const auto done = shred("+31d", at.in("--answers", "late"));
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(at.site.placements() == "aws deleted");
  CHECK(done.err.find("has not answered") == std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
