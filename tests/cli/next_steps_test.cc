// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What an act says comes next is typed as it stands, by sh: from a tenant to its opened data key.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kTenant = "Acme & Sons' bank";  // a shell takes it apart where quotes are missing

struct Typed {
  SiteRoom scene{};
  std::string shown{};

  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  // Of the last text: the command behind "N. ", as one line.
  [[nodiscard]] std::string next(int number) const {
    const auto block = shown.find("\nNEXT\n");
    const auto step =
        block == std::string::npos ? block : shown.find(fmt::format("\n  {}. ", number), block);
    if (step == std::string::npos) return "false";
    const auto begin = shown.find("\n    ", step) + 1;
    auto end = shown.find('\n', begin);
    while (shown[end - 1] == '\\') end = shown.find('\n', end + 1);
    return shown.substr(begin, end - begin);
  }
  // In `command` each word in capitals becomes what somebody would type.
  void type(std::string command, const std::vector<std::pair<std::string, std::string>>& words) {
    for (const auto& [capitals, typed] : words) {
      const auto at = command.find(" " + capitals);
      CAPTURE(command);
      REQUIRE(at != std::string::npos);
      command.replace(at + 1, capitals.size(), typed);
    }
    const auto done =
        run_program({"sh", "-c",
                     fmt::format("cd '{}' && PATH={}:$PATH && {}",
                                 scene.room().shop.folder().native(), KEYRITE_BIN, command)},
                    {.environment = {{"KEYRITE_SITE", scene.site()}, {"USER", "olga"}}});
    CAPTURE(command);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == 0);
    shown = done.err + done.out;
  }
};

TEST_CASE("Each act that makes something names what comes next, and sh takes it as it stands") {
  Typed typed;
  if (!typed.ready()) return;
  typed.type("keyrite tenant add \"Acme & Sons' bank\" --operator olga@example.org", {});
  typed.type(typed.next(1), {{"KEY", "payments"}, {"TYPE", "aes-256"}});
  const std::string added = typed.shown;
  typed.type(typed.next(1) +
                 " --region eu-central-1 --account 111122223333 "
                 "--wrapping-algorithm RSAES_OAEP_SHA_1",
             {{"NAME", "alias/acme"}, {"PROVIDER", "aws"}});
  CHECK(typed.next(2).find("keyrite wrap-for-import aws") != std::string::npos);
  CHECK(typed.next(2).find("--destination alias/acme") != std::string::npos);
  // Both say how its first version is made.
  const std::string make = typed.next(1);
  typed.shown = added;
  CHECK(typed.next(2) == make);
  // This key stays here.
  typed.type("keyrite key add local --tenant \"Acme & Sons' bank\" --type aes-256", {});
  typed.type(typed.next(2), {});
  CHECK(typed.shown.find("WRITE DOWN") != std::string::npos);
  typed.type(typed.next(1), {});
  typed.type(typed.next(1), {{"FILE", "'two words.jsonl'"}});
  typed.type(typed.next(1), {{"REASON", "test"}, {"FILE", "opened.jsonl"}});
  typed.scene.room().shop.must(
      "test $(wc -l < opened.jsonl) = 1 && grep -q '\"key\"' opened.jsonl");
  typed.scene.room().shop.must("printf hush > secret && chmod 600 secret");
  typed.type(
      "keyrite credential seal --tenant \"Acme & Sons' bank\" --key local --service stripe "
      "--environment production --secret-file secret",
      {});
  typed.type(typed.next(1), {{"REASON", "test"}, {"FILE", "opened"}});
  typed.scene.room().shop.must("test $(cat opened) = hush");
  typed.type("keyrite inventory backup 'a copy'", {});
  typed.type(typed.next(1), {});
  typed.scene.room().shop.must("rm -f opened.jsonl");
}

TEST_CASE("A campaign names how it is used, and an adopted key what it waits for") {
  Typed typed;
  if (!typed.ready()) return;
  typed.type("keyrite generate-kek --type aes-256 --label stray", {});
  typed.type("keyrite tenant add \"Acme & Sons' bank\"", {});
  typed.type("keyrite inventory adopt --label stray --tenant \"Acme & Sons' bank\" --key \"it's\"",
             {});
  typed.type(typed.next(1), {});
  CHECK(typed.shown.find("pre-activation") != std::string::npos);
  typed.type("keyrite key activate \"it's\" --tenant \"Acme & Sons' bank\"", {});
  // It encrypts, and so no data keys are made of it.
  typed.type(typed.next(1), {});
  typed.type("keyrite key add wraps --tenant \"Acme & Sons' bank\" --type aes-256", {});
  typed.scene.room().shop.must(
      R"sh({ echo 'format = "keyrite-campaign"'; echo 'version = 1'
      echo 'acts = ["rotate", "generate-kek", "key-activate", "dek-rewrap"]'
      echo 'bases = ["pinned"]'; date -u -d '-1 hour' '+from = "%FT%TZ"'
      date -u -d '+1 hour' '+until = "%FT%TZ"'; echo 'at_most = 4'; echo '[[key]]'
      printf 'tenant = "%s"\n' "Acme & Sons' bank"; echo 'key = "wraps"'; } > plan.toml)sh");
  typed.type("keyrite campaign open plan.toml", {});
  const std::string opened = typed.shown;
  typed.type(typed.next(1), {});
  typed.shown = opened;
  typed.type(typed.next(2), {});
  CAPTURE(typed.shown);
  CHECK(typed.shown.find("2 of 4") != std::string::npos);
  typed.shown = opened;
  typed.type(typed.next(3), {{"REASON", "'not needed'"}});
  CHECK(typed.shown.find("is closed") != std::string::npos);
}

TEST_CASE("A public half that others wrap under is compared before it is used") {
  Typed typed;
  if (!typed.ready()) return;
  typed.type(
      "keyrite tenant add Acme && keyrite key add inbox --tenant Acme --type rsa-2048 && "
      "keyrite generate-kek --tenant Acme --key inbox",
      {});
  typed.type("keyrite key activate inbox --tenant Acme", {});
  typed.type(typed.next(1), {{"FILE", "inbox.pem"}});
  std::string digits = as_text(typed.scene.room().shop.must(
      "openssl pkey -pubin -in inbox.pem -outform DER | sha256sum | cut -c1-4"));
  digits.resize(4);
  CHECK(typed.shown.find("\n    " + digits + " ") != std::string::npos);
  typed.scene.room().shop.must(
      "head -c 32 /dev/zero | openssl pkeyutl -encrypt -pubin -inkey inbox.pem -pkeyopt "
      "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 -out wrapped");
  typed.type(typed.next(1),
             {{"FILE", "wrapped"}, {"ALGORITHM", "rsa-oaep-sha1"}, {"RECORDS", "taken.jsonl"}});
  CHECK(typed.next(1).find("keyrite dek unwrap --tenant Acme --from taken.jsonl") !=
        std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
