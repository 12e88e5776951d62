// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// report.html of an export: python3 parses it and compares it with the log in the same folder.
#include <doctest/doctest.h>

#include "cli/approved_site.h"
#include "crypto/digest.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_page(const Workshop& shop, const std::string& folder = "out") {
  shop.must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/export_page_check.py " + folder);
}

TEST_CASE("report.html says of each act what the signed entry says, and who approved it") {
  const ApprovedSite site;
  REQUIRE(site.export_it().exit_code == 0);
  check_page(site.shop());
  // The act whose result is missing, and the line that a crash left.
  site.shop().must("grep -q 'no entry says how it ended' out/report.html");
  site.shop().must("grep -q 'alice@example.org' out/report.html");
  site.shop().must("grep -q '[.]toml. wrap-for-import: 2 officer[.]' out/report.html");
  site.shop().must("grep -q 'No timestamp and no line of a witness' out/report.html");
}

TEST_CASE("report.html is the same with and without names, and twice the same") {
  const ApprovedSite site;
  REQUIRE(site.export_it("yes").exit_code == 0);
  site.shop().must("mv out with");
  REQUIRE(site.export_it("no").exit_code == 0);
  site.shop().must("cmp out/report.html with/report.html");
  site.shop().must("! grep -qE 'acme-payments|/ceremony/acme' with/report.html");
}

TEST_CASE("report.html names an approval whose files were left out for the names in it") {
  ApprovedSite site;
  site.approve_by_version_1();
  REQUIRE(site.export_it("no").exit_code == 0);
  check_page(site.shop());
  site.shop().must("grep -q 'NO: it has names' out/report.html");
}

TEST_CASE("What needs nobody's approval is said as the policy says it") {
  SiteScene scene;
  const std::string policy = "[approvals.needed]\nrotate = { officer = 2 }\nshred = \"nobody\"\n";
  scene.put("site.toml", policy);
  scene.add(
      {{"act", "note"}, {"event", "odd"}, {"site_sha256", crypto::sha256_hex(as_bytes(policy))}});
  scene.write(10);
  (void)scene.result({"export", "SITE", "--out", scene.path("out")});
  scene.shop().must("grep -qx 'shred: nobody' out/VERIFY.txt");
  scene.shop().must("grep -q '[.]toml. rotate: 2 officer; shred: nobody[.]' out/report.html");
}

TEST_CASE("What somebody wrote into an entry is text in report.html, and turns no line around") {
  ApprovedSite site;
  const std::string hostile = "<script>alert(1)</script><b class=\"late\">&{{{style}}}";
  site.scene().add({{"act", hostile},
                    {"event", "intent"},
                    {"run", "<i>"},
                    {"operator", hostile},
                    {"keys", Json::array({{{"key", hostile}}})}});
  site.scene().write(13);
  REQUIRE(site.export_it().exit_code == 0);
  check_page(site.shop());
  site.shop().must("! grep -qE '<script|<b class|<i>' out/report.html");
  site.shop().must("rm -r out");
  site.scene().add({{"act", "note"}, {"event", "odd"}, {"operator", "eve\u202e\nolga"}});
  site.scene().write(14);
  REQUIRE(site.export_it().exit_code == 0);
  site.shop().must("! grep -q '\u202e' out/report.html && ! grep -q '^olga' out/report.html");
}

TEST_CASE("report.html says what is not signed, and marks what the log's key does not vouch for") {
  SiteScene scene;
  const auto export_it = [&] {
    (void)scene.result({"export", "SITE", "--out", scene.path("out")});
  };
  export_it();  // one entry follows the checkpoint
  check_page(scene.shop());
  scene.shop().must("grep -q 'NOT signed: 1 entry in log.jsonl' out/report.html");
  scene.add({{"act", "resume"}, {"event", "unvouched"}, {"first", 8}, {"last", 8}},
            [](std::string_view) { return "AA=="; });
  scene.write(10);
  scene.shop().must("rm -r out");
  export_it();
  check_page(scene.shop());
  scene.shop().must("grep -q 'Nothing in log.jsonl follows' out/report.html");
  scene.shop().must("grep -q '1 signed entry is marked with' out/report.html");
}

TEST_CASE("Of a long log report.html has the newest acts, and says how many it leaves out") {
  SiteScene scene;
  while (scene.scene().lines().size() < 2100) scene.add({{"act", "note"}, {"event", "filler"}});
  scene.write(2100);
  (void)scene.result({"export", "SITE", "--out", scene.path("out")});
  check_page(scene.shop());
}

TEST_CASE("A signed line that is no entry is in report.html, and needs an explanation") {
  ApprovedSite site;
  site.scene().scene().lines().emplace_back("x");
  site.scene().write(13);
  REQUIRE(site.export_it().exit_code == 0);
  check_page(site.shop());
  site.shop().must("grep -q 'keyrite did not write this line' out/report.html");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
