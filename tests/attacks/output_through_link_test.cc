// A bundle is approved for one folder, and a link on the way takes it to another: ".." behind a
// link is not the folder that the path reads as.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("What is approved for a folder of the room does not leave through a link") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must(
      "printf '\n[approvals.needed.wrap-for-import]\nsecurity-officer = 2\n' >> "
      "site/site.toml && mkdir -p room stick/deep && ln -s ../stick/deep room/link");
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "prod", "--for", "aws",
                                    "--operator", "olga@example.org"});
  const auto wrap = [&](const std::string& out, const Words& more) {
    Words words = scene.room().wrap_for_aws("good.json", "prod", out);
    words.erase(words.begin());  // the program
    return scene.run("wrap-for-import", words + Words{"--operator", "olga@example.org"} + more);
  };
  scene.refused(wrap("room/out", {}), 7, "approval-needed");
  const std::string statement = scene.statement();
  const Words approvals{"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  for (const char* elsewhere : {"room/link/../out", "room/link/out"})
    scene.refused(wrap(elsewhere, approvals), 6, "statement-other-request");
  CHECK(as_text(shop.must("find stick room -type f")) == "");
  // Other words for the same folder are the same.
  CHECK(wrap("stick/../room/./out", approvals).exit_code == 0);
  CHECK(std::filesystem::exists(scene.room().path("room/out/manifest.json")));
}

TEST_CASE("A link that points elsewhere since the approval is another folder") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must(
      "printf '\n[approvals.needed.generate-kek]\nsecurity-officer = 2\n' >> "
      "site/site.toml && mkdir room stick && ln -s room link");
  const Words act{"--type",     "ec-p256",         "--label",
                  "pair",       "--public-out",    scene.room().path("link/public.pem"),
                  "--operator", "olga@example.org"};
  scene.refused(scene.run("generate-kek", act), 7, "approval-needed");
  const std::string statement = scene.statement();
  const Words approvals{"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  shop.must("ln -sfn stick link");
  scene.refused(scene.run("generate-kek", act + approvals), 6, "statement-other-request");
  shop.must("ln -sfn room link");
  (void)scene.must("generate-kek", act + approvals);
  CHECK(std::filesystem::exists(scene.room().path("room/public.pem")));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
