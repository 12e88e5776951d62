// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A whole rotation under one approved campaign, and one act more than it allows. What the log has
// is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
constexpr const char* kPlace = "https://acme.managedhsm.azure.net/keys/payments";

// Version 1 serves at Azure with data keys under it; from then on each act of a rotation needs an
// officer.
struct UnderCampaign : RotatingCloud {
  UnderCampaign() {
    if (!ready()) return;
    site.serve_at_azure();
    (void)ask_and_make("asks1", "bundles1");
    import("bundles1");
    REQUIRE(rotate(in("--answers", "bundles1"))["state"] == "done");
    (void)site.scene.must("dek", Words{"issue", "--tenant", "Acme", "--key", "payments", "--count",
                                       "3", "--out", site.path("records")} +
                                     kOlga);
    site.shop().must(
        "for act in generate-kek wrap-for-import rotate dek-rewrap; do "
        "printf '\n[approvals.needed.%s]\nsecurity-officer = 1\n' $act; done >> site/site.toml");
  }
  // Of so many acts, for an hour; approved by alice. --campaign ID.
  [[nodiscard]] Words campaign(const std::string& at_most) const {
    const auto time = [&](const std::string& when) {
      return "\"" + site.cloud("date -u -d '" + when + "' +%Y-%m-%dT%H:%M:%SZ") + "\"\n";
    };
    site.shop().put(
        "plan.toml",
        as_bytes(
            "format = \"keyrite-campaign\"\nversion = 1\nacts = [\"generate-kek\", "
            "\"wrap-for-import\", \"rotate\", \"dek-rewrap\"]\nbases = [\"compared\"]\nfrom = " +
            time("-1 hour") + "until = " + time("+1 hour") + "at_most = " + at_most +
            "\n[[key]]\ntenant = \"Acme\"\nkey = \"payments\"\ndestinations = [\"" + kPlace +
            "\"]\n"));
    const auto open = [&](const Words& more) {
      return site.scene.run("campaign", Words{"open", site.path("plan.toml")} + kOlga + more);
    };
    // What waits is looked for alone.
    site.shop().must("mkdir -p kept; mv site/approvals/* kept 2> /dev/null || :");
    site.scene.refused(open({}), 7, "approval-needed");
    const auto run = open({"--approval", site.scene.sign("alice", site.scene.statement())});
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    return {"--campaign", parse_json(as_bytes(run.out), "output")["result"]["campaigns"][0]["id"]};
  }
  [[nodiscard]] std::string uses() const {
    return site.look(
        "print([(e['act'], e['campaign']['use']) for e in map(json.loads, "
        "open('site/transcript/log.jsonl')) if 'campaign' in e])");
  }
};

TEST_CASE(
    "A rotation under a campaign asks nobody from its first act to its last, and no further") {
  const UnderCampaign at;
  if (!at.ready()) return;
  at.site.scene.refused(at.run(at.in("--output", "asks2") + Words{"--force"}), 7,
                        "approval-needed");
  CHECK(at.states() == "1 active;");
  const Words named = at.campaign("4");
  CHECK(at.rotate(at.in("--output", "asks2") + Words{"--force"} + named)["asked"].size() == 1);
  const Words make =
      at.in("--parameters", "asks2") + at.in("--output", "bundles2") + at.fetch("asks2");
  CHECK(at.rotate(make + named)["made"].size() == 1);
  at.import("bundles2");
  const Json done = at.rotate(at.in("--answers", "bundles2") + named);
  CHECK(done["next_step"] == "wait-for-switch");
  CHECK(done["moved"] == 3);
  CHECK(at.states() == "1 deactivated; 2 active;");
  CHECK(at.uses() ==
        "[('generate-kek', 1), ('wrap-for-import', 2), ('rotate', 3), ('dek-rewrap', 4)]");
  // The bundle for the name that consumers use is one act too many.
  at.site.scene.refused(at.run(make + named), 6, "campaign-used-up");
  at.site.shop().must("test ! -e bundles2/*-switch");
  CHECK(at.rotate(make + at.campaign("1"))["made"].size() == 1);
  at.site.shop().must("mv kept/* site/approvals");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE(
    "A campaign that ends in the middle of a rotation stops it where it is, and no data key") {
  const UnderCampaign at;
  if (!at.ready()) return;
  const Words named = at.campaign("3");
  (void)at.rotate(at.in("--output", "asks2") + Words{"--force"} + named);
  (void)at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") +
                  at.fetch("asks2") + named);
  at.import("bundles2");
  // It switches, and moves no data key: both versions open theirs.
  const auto over = at.run(at.in("--answers", "bundles2") + named);
  at.site.scene.refused(over, 6, "campaign-used-up");
  CHECK(over.err.find("the campaign allows 3 acts, and 3 acted under it") != std::string::npos);
  CHECK(at.states() == "1 deactivated; 2 active;");
  const auto under = [&] {
    return at.site.look(
        "print(db.execute('SELECT number, count(*) FROM dek GROUP BY number')"
        ".fetchall())");
  };
  CHECK(under() == "[(1, 3)]");
  (void)at.site.scene.must("dek",
                           Words{"unwrap", "--tenant", "Acme", "--reason", "a test", "--from",
                                 at.site.path("records"), "--out", at.site.path("given")} +
                               kOlga);
  CHECK(at.rotate(at.campaign("1"))["moved"] == 3);
  CHECK(under() == "[(2, 3)]");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
