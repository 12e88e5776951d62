// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// keyrite list: the keys in a token, whoever made them, beside the site's log. What is put into the
// token beside keyrite is put in by Cryptoki itself (token_editor.py).
#include <doctest/doctest.h>

#include <string>

#include "cli/document_shape.h"
#include "cli/site_room.h"
#include "cli/site_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct ListedRoom {
  SiteRoom scene{};
  ListedRoom() {
    if (!ready()) return;
    (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
    (void)scene.must("generate-kek", {"--type", "ec-p256", "--label", "signs"});
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] Json keys() const { return scene.must("list", {})["keys"]; }
  [[nodiscard]] Json key(const std::string& label) const {
    for (const auto& one : keys()) {
      if (one["label"] == label) return one;
    }
    FAIL("no key " << label);
    return {};
  }
  void edit(const std::string& words) const {
    const auto& token = *scene.room().token;
    scene.room().shop.must("python3 " KEYRITE_SOURCE_DIR
                           "/tests/cli/token_editor.py " KEYRITE_SOURCE_DIR "/tests/faults '" +
                           token.module.path.value() + "' " + token.pin + " " + words);
  }
};

TEST_CASE("Each key has its type, usage and origin, and the log's own key is called that") {
  const ListedRoom room;
  if (!room.ready()) return;
  const auto run = room.scene.run("list", {});
  CHECK(document_shape(parse_json(as_bytes(run.out), "output")) ==
        document_shape(documented_example("list-result")));
  CHECK(room.keys().size() == 3);
  const Json acme = room.key("acme");
  CHECK(acme["type"] == "aes-256");
  CHECK(acme["class"] == "secret");
  CHECK(acme["extractable"] == true);
  CHECK(acme["made_here"] == "logged-id");
  const Json pair = room.key("signs");
  CHECK(pair["type"] == "ec-p256");
  CHECK(pair["class"] == "private");
  CHECK(pair["usage"] == Json{"sign"});
  CHECK(pair["extractable"] == false);
  CHECK(pair["made_here"] == "logged");
  CHECK(room.scene.entries().at(pair["entry"].get<std::size_t>())["act"] == "generate-kek");
  std::size_t log_keys = 0;
  for (const auto& one : room.keys()) log_keys += one["made_here"] == "log-key" ? 1U : 0U;
  CHECK(log_keys == 1);
}

TEST_CASE("A key that was put in beside keyrite is not ours, and its label cannot hide anything") {
  const ListedRoom room;
  if (!room.ready()) return;
  room.edit("copy acme 'ev\x1b[2Jil' aabb");
  const auto shown = run_program({tool_path("list"), "--site", room.scene.site()});
  CHECK(shown.exit_code == 0);
  const std::string text = shown.err + shown.out;
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\"ev\\x1b[2Jil\"\n  type unknown: ") != std::string::npos);
  CHECK(text.find("NOT made by an act in this site's log") != std::string::npos);
  CHECK(fits_terminal(text));
  CHECK(room.key("ev\x1b[2Jil")["made_here"] == "no");
}

TEST_CASE("Without a site nobody can tell who made a key, and nothing is logged with one") {
  const ListedRoom room;
  if (!room.ready()) return;
  const auto before = room.scene.entries().size();
  const auto run = run_program(Words{tool_path("list"), "--json"} + room.scene.room().at_token());
  CHECK(run.exit_code == 0);
  const Json found = parse_json(as_bytes(run.out), "output")["result"];
  REQUIRE(found["keys"].size() == 3);
  for (const auto& one : found["keys"]) CHECK(one["made_here"] == "cannot-tell");
  (void)room.keys();
  CHECK(room.scene.entries().size() == before);
  const auto wrong =
      run_program(Words{tool_path("list"), "--json"} + room.scene.room().at_token("wrong-pin"));
  CHECK(wrong.exit_code == 5);
  CHECK(parse_json(as_bytes(wrong.out), "output")["error"]["code"] == "pin-wrong");
}

TEST_CASE("A mistyped label, token or site finds the one that was meant") {
  const ListedRoom room;
  if (!room.ready()) return;
  const auto& at = room.scene.room();
  const auto hint_of = [](const Words& words) {
    const auto run = run_program(words + Words{"--json"});
    return parse_json(as_bytes(run.out), "output")["error"]["hint"].get<std::string>();
  };
  CHECK(hint_of(at.wrap_for_aws("good.json", "acmee", "out") + at.at_token())
            .starts_with("did you mean \"acme\"?\n"));
  const std::string label = "TEST-soft";
  CHECK(hint_of({tool_path("list"), "--module", at.token->module.path.value(), "--token",
                 "pkcs11:token=" + label + "x"})
            .starts_with("did you mean \"" + label + "\"?\n"));
  CHECK(hint_of({tool_path("list"), "--site", room.scene.site() + "e"}) ==
        "did you mean " + room.scene.site() + "?");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
