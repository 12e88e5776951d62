// The folder of a site is copied, and one approval used in both: two histories, each of which
// verifies by itself.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

TEST_CASE("attack: one approval is used in a site and in a copy of its folder") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  (void)scene.must("generate-kek",
                   {"--type", "aes-256", "--label", "acme", "--for", "aws", "--wrap-with-trusted"});
  const Words words = scene.trusting_wrap("acme", "bundle");
  scene.refused(scene.run("wrap-for-import", words), 7, "approval-needed");
  const std::string statement = scene.statement();
  const Words approvals{"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  shop.must("cp -a site copy");
  const Words again = Words{tool_path("wrap-for-import")} + words + approvals +
                      Words{"--site", scene.room().path("copy"), "--json"};

  // While the site is there, its copy does nothing at all.
  const auto first = run_program(again);
  scene.refused(first, 6, "site-copied");
  CHECK(first.err.find(scene.room().path("copy")) != std::string::npos);
  CHECK(first.err.find(scene.site()) != std::string::npos);
  CHECK_FALSE(fs::exists(scene.room().path("bundle")));
  const auto done = scene.run("wrap-for-import", words + approvals);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  shop.must("mv bundle used");
  scene.refused(run_program(again), 6, "site-copied");

  // With the site away its log is missed: the last signed checkpoint stands outside of both.
  shop.must("mv site away");
  scene.refused(run_program(again), 6, "log-set-back");
  CHECK_FALSE(fs::exists(scene.room().path("bundle")));

  // Nor does it help to take the outside file away.
  shop.must("mv last-signed taken");
  scene.refused(run_program(again), 6, "last-signed-missing");
  CHECK_FALSE(fs::exists(scene.room().path("bundle")));
}

TEST_CASE("attack: a policy is switched off by a misspelt word") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek",
                   {"--type", "aes-256", "--label", "acme", "--for", "aws", "--wrap-with-trusted"});
  for (const char* change : {"s/needed.trust-wrapping-key]/needed.trust-wraping-key]/",
                             "/needed.trust-wrapping-key]/,$d"}) {
    CAPTURE(change);
    scene.room().shop.must("cp site/site.toml kept && sed -i '" + std::string(change) +
                           "' site/site.toml");
    const auto run = scene.run("wrap-for-import", scene.trusting_wrap("acme", "bundle"));
    CHECK(run.exit_code == 3);
    CHECK(run.out.find("\"policy-") != std::string::npos);
    CHECK_FALSE(fs::exists(scene.room().path("bundle")));
    scene.room().shop.must("cat kept > site/site.toml");
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
