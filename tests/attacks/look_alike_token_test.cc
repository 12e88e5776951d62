// Another token with the label and serial number of a site's: a key was made in it before the log's
// key was looked for. Label and serial are what a token says of itself; the log's key is what it
// has.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/site_room.h"
#include "support/program.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kTarget = "target";

// A site whose token can be exchanged for one that calls itself the same.
struct LookAlikeRoom : Room {
  LookAlikeRoom() : Room(Inputs::kGood) {
    if (!token) return;
    REQUIRE(::setenv("KEYRITE_TEST_REAL_MODULE", token->module.path.value().c_str(), 1) ==
            0);  // NOLINT(concurrency-mt-unsafe)
    token->module.path = KEYRITE_FAULTY_MODULE;
    make_key("aes-256", kTarget, {"--for", "aws"});
    in_token("tar -cf other.tar */");
    const auto made = run({"init-site", path("site"), "--origin", "keyrite.example/test",
                           "--last-signed", path("last"), "--site-pin-file", path("pin")},
                          {}, at_token());
    REQUIRE(made.exit_code == 0);
    const Json site = parse_json(as_bytes(made.out), "output")["result"];
    vkey = site["vkey"].get<std::string>();
    key_id = site["key_id"].get<std::string>();
    in_token("tar -cf own.tar */");
  }
  void in_token(const std::string& command) const {
    (void)shop.must("cd '" + token->folder.folder().native() + "' && " + command);
  }
  // "other": a token of the same label, serial number and PIN, without the log's key. "own": ours.
  void put_in(const std::string& which) const {
    in_token("rm -rf */ && tar -xf " + which + ".tar");
  }
  // What the token keeps, by its files. That of the token itself counts logins.
  [[nodiscard]] std::string objects() const {
    return as_text(
        shop.must("cd '" + token->folder.folder().native() +
                  "' && find . -name '*.object' ! -name token.object | sort | xargs sha256sum"));
  }
  // A tool's name and its words.
  [[nodiscard]] static ProgramRun run(const Words& words, const std::string& fault,
                                      const Words& more) {
    Words all = words;
    all.front() = tool_path(words.front());
    ProgramSettings settings;
    if (!fault.empty()) settings.environment["KEYRITE_TEST_FAULT"] = fault;
    return run_program(all + more + Words{"--json"}, settings);
  }
  [[nodiscard]] std::vector<Words> acts() const {
    Words wrap = wrap_for_aws("good.json", kTarget, "bundle");
    wrap.front() = "wrap-for-import";
    const Words make{"generate-kek", "--type", "aes-256", "--label", "new"};
    return {make,
            {"generate-kek", "--type", "rsa-2048", "--label", "new", "--dry-run"},
            wrap,
            wrap + Words{"--dry-run"},
            {"token-check"},
            {"resume"}};
  }
  [[nodiscard]] Json last_entry() const {
    return parse_json(shop.must("tail -n 1 site/transcript/log.jsonl"), "entry");
  }
  // Each act is refused, and asks the token to make nothing: the call would end the process.
  void check_refused(int exit_code, const std::string& code) const {
    const std::string before = objects();
    for (const Words& words : acts()) {
      for (const std::string call :
           {"C_GenerateKey", "C_GenerateKeyPair", "C_CreateObject", "C_UnwrapKey"}) {
        CAPTURE(words.front());
        CAPTURE(call);
        const auto refused = run(words, call + " 1 0 0x9 signal", {"--site", path("site")});
        CAPTURE(refused.err);
        CHECK(refused.exit_code == exit_code);
        CHECK(parse_json(as_bytes(refused.out), "output")["error"]["code"] == code);
      }
      CHECK(objects() == before);
    }
  }

  std::string vkey{};
  std::string key_id{};
};

TEST_CASE("A token that calls itself the site's and has not the log's key gets nothing to do") {
  const LookAlikeRoom room;
  if (!room.token) return;
  room.put_in("other");
  room.check_refused(4, "object-not-found");
  // The log says so, and its own token goes on.
  (void)LookAlikeRoom::run(room.acts().front(), {}, {"--site", room.path("site")});
  CHECK(room.last_entry()["event"] == "refused");
  CHECK(room.last_entry()["error"]["code"] == "object-not-found");
  room.put_in("own");
  const auto made = LookAlikeRoom::run(room.acts().front(), {}, {"--site", room.path("site")});
  CAPTURE(made.err);
  CHECK(made.exit_code == 0);
  const auto verified =
      run_program({tool_path("transcript"), "verify", room.path("site"), "--vkey", room.vkey});
  CAPTURE(verified.err);
  CHECK(verified.exit_code == 0);
}

TEST_CASE("A token with another key under the id of the log's gets nothing to do either") {
  const LookAlikeRoom room;
  if (!room.token) return;
  room.put_in("other");
  const auto planted = LookAlikeRoom::run(
      {"generate-kek", "--type", "ed25519", "--label", "log", "--id", room.key_id}, {},
      room.at_token());
  CAPTURE(planted.err);
  REQUIRE(planted.exit_code == 0);
  room.check_refused(6, "log-key-differs");
  (void)LookAlikeRoom::run(room.acts().front(), {}, {"--site", room.path("site")});
  CHECK(room.last_entry()["error"]["code"] == "log-key-differs");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
