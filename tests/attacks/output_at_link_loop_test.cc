// An output of a killed act stands at a path that cannot be looked at: a loop of links, which
// anybody who may write that folder can lay. resume and every later act ended as by a defect.
#include <doctest/doctest.h>

#include "attacks/act_in_child.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("An output that cannot be looked at is a fact in the log, and acts go on") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const act::Intent intent{.act = "generate-kek",
                           .label = "acme",
                           .id = "0a0b",
                           .outputs = {scene.room().path("loop"), scene.room().path("fingerprint"),
                                       scene.room().path("nothing")}};
  REQUIRE(outcome_in_child(scene, intent, {}, [](act::TokenSession&) { kill_this_process(); }) ==
          "killed");
  shop.must("ln -s pool loop && ln -s loop pool");
  const auto resumed = scene.run("resume", {});
  CAPTURE(resumed.err);
  REQUIRE(resumed.exit_code == 0);
  CHECK(resumed.err.find("loop cannot be looked at: Too many levels of symbolic links") !=
        std::string::npos);
  Json found;
  for (const auto& entry : scene.entries()) {
    if (entry["event"] == "settled") found = entry["found"]["outputs"];
  }
  REQUIRE(found.size() == 3);
  CHECK(found[0]["exists"].is_null());
  CHECK(found[0]["cannot_be_looked_at"] == "ELOOP");
  CHECK(found[1]["exists"] == true);
  CHECK(found[2]["exists"] == false);
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "next"});
  scene.check_with_other_programs();
}

TEST_CASE("A site's own files that cannot be looked at are named, and are no defect") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must(
      "printf '\\n[approvals.needed.generate-kek]\\nsecurity-officer = 1\\n' >> site/site.toml");
  shop.must("rm site/roster.toml && ln -s roster.toml site/roster.toml");
  scene.refused(scene.run("generate-kek", {"--type", "aes-256", "--label", "one"}), 3,
                "path-unreadable");
  shop.must("mv site/site.toml away && ln -s site.toml site/site.toml");
  scene.refused(scene.run("generate-kek", {"--type", "aes-256", "--label", "one"}), 3,
                "path-unreadable");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
