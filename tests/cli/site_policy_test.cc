// What a site's approval policy says when it is made, and what version 1 of it let pass.
#include <doctest/doctest.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kKey{"--type", "aes-256", "--label", "one"};

TEST_CASE("A site without a roster says by name that it needs nobody, and tomllib reads that") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const auto made = run_program(Words{tool_path("init-site"), scene.room().path("open"), "--origin",
                                      "keyrite.example/open", "--last-signed",
                                      scene.room().path("open-last-signed"), "--site-pin-file",
                                      scene.room().path("pin")} +
                                scene.room().at_token());
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  CHECK(made.err.find("it needs nobody") != std::string::npos);
  CHECK(as_text(shop.must("python3 -c 'import tomllib; "
                          "print(tomllib.load(open(\"open/site.toml\", \"rb\"))[\"approvals\"]"
                          "[\"needed\"], end=\"\")'")) ==
        "{'rotate-compromised': 'nobody', 'shred': 'nobody', 'trust-wrapping-key': 'nobody'}");
  const auto key =
      run_program(Words{tool_path("generate-kek"), "--site", scene.room().path("open")} + kKey);
  CAPTURE(key.err);
  CHECK(key.exit_code == 0);
}

TEST_CASE("A site of version 1 whose policy protects nothing says so at every start") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.room().shop.must(
      "sed -i -e 's/^version = 2/version = 1/' -e 's/needed.shred]/needed.shredd]/' "
      "site/site.toml");
  for (int i = 0; i < 2; ++i) {
    const auto done = scene.run("token-check", {});
    CAPTURE(done.err);
    CHECK(done.exit_code == 0);
    CHECK(done.err.find("approvals.needed.shredd: there is no such operation") !=
          std::string::npos);
    CHECK(done.err.find("approvals.needed.shred is missing") != std::string::npos);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
