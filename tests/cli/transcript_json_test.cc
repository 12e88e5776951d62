#include <doctest/doctest.h>

#include "cli/approved_site.h"
#include "cli/document_shape.h"
#include "cli/stamping_authority.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_documented(const SiteScene& scene, const std::string& name,
                      std::vector<std::string> words) {
  CAPTURE(name);
  words.emplace_back("--json");
  const auto run = scene.run(std::move(words));
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const Json printed = parse_json(as_bytes(run.out), "output");
  const Json documented = documented_example(name);
  CHECK(document_shape(printed) == document_shape(documented));
  CHECK(printed.at("keyrite") == documented.at("keyrite"));
}

TEST_CASE("What transcript prints with --json has the shape that is documented") {
  ApprovedSite site;
  const StampingAuthority authority(site.shop());
  SiteScene& scene = site.scene();
  const auto path = [&](const char* name) { return scene.path(name); };
  check_documented(scene, "transcript-verify-result",
                   {"verify", "SITE", "--from", path("site/transcript/checkpoint")});
  check_documented(scene, "transcript-show-result", {"show", "SITE", "--run", kThirdRun});
  check_documented(scene, "transcript-prove-result",
                   {"prove", "SITE", "3", "--out", path("p.tlog-proof")});
  check_documented(scene, "transcript-readout-result", {"readout", "SITE"});
  scene.put("transcript/timestamps/1 2/ca.pem", "no name that keyrite gives");
  check_documented(scene, "transcript-export-result", {"export", "SITE", "--out", path("out")});
  site.shop().must("rm -r 'site/transcript/timestamps'");
  check_documented(scene, "transcript-timestamp-request-result",
                   {"timestamp", "request", "SITE", "--out", path("q.tsq")});
  authority.reply("q.tsq", "r.tsr");
  check_documented(
      scene, "transcript-timestamp-attach-result",
      {"timestamp", "attach", "SITE", "--reply", path("r.tsr"), "--ca", authority.ca()});
  check_documented(scene, "transcript-witness-request-result",
                   {"witness", "request", "SITE", "--old", "3", "--out", path("body")});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
