// What tells whether the log was set back stands where another user of the machine can write: he
// puts an older one there, beside an older copy of the site.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A last signed checkpoint that others can change is none") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const Words act{"--type", "aes-256", "--label", "one"};
  for (const char* file : {"last-signed", "last-signed.site"}) {
    shop.must("chmod 666 " + std::string(file));
    scene.refused(scene.run("generate-kek", act), 3, "config-writable-by-others");
    shop.must("chmod 600 " + std::string(file));
  }
  (void)scene.must("generate-kek", act);
}

TEST_CASE("A site does not keep its last signed checkpoint in a folder of everybody") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must("mkdir -m 777 open");
  shop.must("mkdir open/own");
  for (const char* place : {"open/last-signed", "open/own/last-signed"}) {
    const auto made =
        run_program(Words{tool_path("init-site"), scene.room().path("other"), "--origin",
                          "keyrite.example/other", "--last-signed", scene.room().path(place),
                          "--site-pin-file", scene.room().path("pin"), "--json"} +
                    scene.room().at_token());
    scene.refused(made, 3, "config-writable-by-others");
    CHECK_FALSE(std::filesystem::exists(scene.room().path("other")));
    CHECK_FALSE(std::filesystem::exists(scene.room().path(place)));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
