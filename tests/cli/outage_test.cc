// The real programs at a token that fails for a moment.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/json.h"
#include "cli/room.h"
#include "support/program.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A Room whose token fails when a run is told so.
struct FailingRoom : Room {
  FailingRoom() : Room(Inputs::kGood) {
    if (!token) return;
    REQUIRE(::setenv("KEYRITE_TEST_REAL_MODULE", token->module.path.value().c_str(), 1) ==
            0);  // NOLINT(concurrency-mt-unsafe)
    token->module.path = KEYRITE_FAULTY_MODULE;
  }
  // `fault` as tests/support/faulty_module.cc reads it; empty: none.
  [[nodiscard]] static ProgramRun run(const Words& words, const std::string& fault = {}) {
    ProgramSettings settings;
    if (!fault.empty()) settings.environment["KEYRITE_TEST_FAULT"] = fault;
    return run_program(words + Words{"--json"}, settings);
  }
  [[nodiscard]] Words init_site(const std::string& name) const {
    return Words{tool_path("init-site"),    path(name),      "--origin",
                 "keyrite.example/" + name, "--last-signed", path(name + "-last-signed"),
                 "--site-pin-file",         path("pin")} +
           at_token();
  }
};

Json document_of(const ProgramRun& run) { return parse_json(as_bytes(run.out), "output"); }

void check_warned(const ProgramRun& run, const std::string& function) {
  CAPTURE(run.err);
  CHECK(run.exit_code == 0);
  const Json document = document_of(run);
  CHECK(document.contains("result"));
  REQUIRE(document["warnings"].size() == 1);
  const auto warning = document["warnings"][0].get<std::string>();
  CHECK(warning.starts_with("the act is complete, but the token session did not end well: " +
                            function));
  CHECK(run.err.find("warning: " + warning) != std::string::npos);
}

TEST_CASE("What is complete is reported as complete when the token does not end well") {
  const FailingRoom room;
  if (!room.token) return;
  room.make_key("aes-256", "k", {"--for", "aws"});
  int number = 0;
  for (const std::string function : {"C_Logout", "C_CloseSession", "C_Finalize"}) {
    CAPTURE(function);
    const std::string fault = function + " 1 0 0x30 answer";
    const std::string name = std::to_string(++number);
    check_warned(FailingRoom::run(
                     room.wrap_for_aws("good.json", "k", "bundle" + name) + room.at_token(), fault),
                 function);
    CHECK(std::filesystem::exists(room.path("bundle" + name) + "/manifest.json"));
    const auto key = FailingRoom::run(
        Words{tool_path("generate-kek"), "--type", "aes-256", "--label", "key" + name} +
            room.at_token(),
        fault);
    check_warned(key, function);
    const auto site = FailingRoom::run(room.init_site("site" + name), fault);
    check_warned(site, function);
    const auto vkey = document_of(site)["result"]["vkey"].get<std::string>();
    CHECK(vkey.starts_with("keyrite.example/site" + name + "+"));
    const auto logged =
        FailingRoom::run(Words{tool_path("generate-kek"), "--type", "aes-256", "--label",
                               "logged" + name, "--site", room.path("site" + name)},
                         fault);
    check_warned(logged, function);
  }
}

TEST_CASE("A run without a warning has none in its document") {
  const FailingRoom room;
  if (!room.token) return;
  const auto made = FailingRoom::run(
      Words{tool_path("generate-kek"), "--type", "aes-256", "--label", "k"} + room.at_token());
  CHECK(made.exit_code == 0);
  CHECK_FALSE(document_of(made).contains("warnings"));
}

TEST_CASE("An outage does not choose the kind of a log's key, and leaves nothing") {
  const FailingRoom room;
  if (!room.token) return;
  for (const std::string answer : {"0x30", "0x5", "0x101"}) {
    const auto run =
        FailingRoom::run(room.init_site("site"), "C_SignInit 1 0 " + answer + " answer");
    CAPTURE(run.err);
    CHECK(run.exit_code == 4);
    CHECK(document_of(run)["error"]["ckr"]["function"] == "C_SignInit");
    CHECK(run.err.find("ec-p256") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(room.path("site")));
  }
  // A no does.
  const auto no = FailingRoom::run(room.init_site("site"), "C_SignInit 1 1 0x70 answer");
  CAPTURE(no.err);
  CHECK(no.exit_code == 0);
  CHECK(document_of(no)["result"]["key_type"] == "ec-p256");
}

TEST_CASE("A token without Ed25519 and ECDSA is told why it can have no site") {
  const FailingRoom room;
  if (!room.token) return;
  const auto run = FailingRoom::run(room.init_site("site"), "C_GenerateKeyPair 1 0 0x70 answer");
  CHECK(run.exit_code == 4);
  const Json error = document_of(run)["error"];
  CHECK(error["code"] == "no-log-key");
  const auto message = error["message"].get<std::string>();
  CHECK(message.find("ed25519: C_GenerateKeyPair failed") != std::string::npos);
  CHECK(message.find("ec-p256: C_GenerateKeyPair failed") != std::string::npos);
  CHECK(error["hint"].get<std::string>().find("never by RSA") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(room.path("site")));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
