// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Rotations on which time passes, and on which it is set back. Tools, scripts and stand-in clouds
// run under libfaketime.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Parameters that expire before the import are fetched anew for the same version") {
  RotatingCloud at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.ask_and_make("asks", "bundles");
  at.clock = "+25h";
  // The bundle that nobody imported in time is not imported any more.
  CHECK_FALSE(at.runs("bundles/aws-*-v1/import.sh"));
  at.site.shop().must("grep -q 'ExpiredImportTokenException\\|have expired\\|expired' said");
  const Json asked = at.rotate(at.in("--output", "again"));
  CHECK(asked["asked"].size() == 1);
  CHECK(asked["made"].empty());
  CHECK(at.states() == "1 pre-activation;");
  // For the KMS key that is there.
  const Json made = at.make("again", "bundles");
  CHECK(made["made"].size() == 1);
  CHECK(made["remarks"][0].get<std::string>().find("do not import it") != std::string::npos);
  at.site.shop().must("test \"$(ls -d bundles/*-v1)\" = \"$(ls -d bundles/*v1)\"");
  CHECK(at.site.cloud("ls cloud/aws/keys | wc -l") == "1");
  CHECK(at.site.look("print(db.execute('SELECT count(*), max(number) FROM placement')"
                     ".fetchone())") == "(1, 1)");
  CHECK_FALSE(at.runs("bundles/*.not-imported-1/import.sh"));
  at.import("bundles");
  CHECK(at.rotate(at.in("--answers", "bundles"))["state"] == "done");
  CHECK(at.states() == "1 active;");
  CHECK(at.site.placements() == "aws proven");
}

TEST_CASE("A clock that was set back during a rotation stops it, and right again it goes on") {
  RotatingCloud at;
  if (!at.ready()) return;
  at.site.serve_at_azure();
  at.clock = "+2h";
  CHECK(at.rotate(at.in("--output", "asks"))["asked"].size() == 1);
  const auto expected = at.fetch("asks");
  const auto make = at.in("--parameters", "asks") + at.in("--output", "bundles") + expected;
  at.clock = "+0h";
  at.site.scene.refused(at.run(make), 6, "clock-set-back");
  at.site.shop().must("test -z \"$(find bundles -type f)\"");
  CHECK(at.site.placements().empty());
  at.clock = "+2h";
  CHECK(at.rotate(make)["made"].size() == 1);
  at.import("bundles");
  at.clock = "+0h";
  // Nothing is switched, and what was asked of a cloud is asked again.
  at.site.scene.refused(at.run(at.in("--answers", "bundles")), 6, "clock-set-back");
  CHECK(at.states() == "1 pre-activation;");
  at.clock = "+2h";
  CHECK(at.rotate(at.in("--answers", "bundles"))["state"] == "done");
  CHECK(at.states() == "1 active;");
  CHECK(at.site.scene.verify()["time_set_back"].empty());
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
