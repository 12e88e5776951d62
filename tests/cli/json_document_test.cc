// The examples of docs/formats/json.md have exactly the fields, of exactly the types, that the
// programs print.
#include <doctest/doctest.h>

#include "base/json.h"
#include "cli/document_shape.h"
#include "cli/room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Runs the program and compares what it prints with the example. Gives what it printed.
Json check_example(const std::string& name, const Words& words, int exit_code) {
  CAPTURE(name);
  const auto run = run_program(words + Words{"--json"});
  CAPTURE(run.err);
  CHECK(run.exit_code == exit_code);
  Json printed = parse_json(as_bytes(run.out), "output");
  const Json documented = documented_example(name);
  CHECK(document_shape(printed) == document_shape(documented));
  CHECK(printed["keyrite"] == documented["keyrite"]);
  CHECK(printed["version"] == documented["version"]);
  return printed;
}

TEST_CASE("What generate-kek prints has the shape that is documented") {
  const Room room;
  if (!room.token) return;
  const auto make = [&](const char* type, const char* label, const Words& more) {
    return Words{tool_path("generate-kek"), "--type", type, "--label", label} + room.at_token() +
           more;
  };
  check_example("generate-kek-plan", make("aes-256", "next", {"--dry-run"}), 0);
  check_example("generate-kek-result", make("aes-256", "acme", {"--for", "aws"}), 0);
  check_example("generate-kek-pair-result", make("ec-p384", "pair", {}), 0);
  const Json error = check_example("error", make("aes-256", "acme", {}), 4);
  CHECK(error == documented_example("error"));
}

TEST_CASE("What wrap-for-import and verify-import print has the shape that is documented") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  const Words wrap = room.wrap_for_aws("good.json", "acme", "acme.aws") + room.at_token();
  check_example("wrap-for-import-plan", wrap + Words{"--dry-run"}, 0);
  check_example("wrap-for-import-result", wrap, 0);
  const std::string verify = tool_path("verify-import");
  check_example("verify-import-bundle-result", {verify, "bundle", room.path("acme.aws")}, 0);
  const Json described{
      {"KeyMetadata",
       {{"KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"Arn", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"KeyState", "Enabled"},
        {"Origin", "EXTERNAL"}}}};
  room.shop.put("describe.json", as_bytes(dump_json(described)));
  const Words answers{verify, "answers", room.path("acme.aws"), "--evidence",
                      room.path("describe.json")};
  check_example("verify-import-answers-result", answers, 7);
}

TEST_CASE("What token-check prints has the shape that is documented, and a token's answer too") {
  const Room room;
  if (!room.token) return;
  check_example("token-check-result", Words{tool_path("token-check")} + room.at_token(), 0);
  check_example("error-ckr", Words{tool_path("token-check")} + room.at_token("wrong-pin"), 5);
}

TEST_CASE("token-check --for ends with 0 only if each cloud asked for takes something as it is") {
  const Room room;
  if (!room.token) return;
  const auto asked = [&](const Words& words, int exit_code) {
    const auto run =
        run_program(Words{tool_path("token-check"), "--json"} + room.at_token() + words);
    CAPTURE(run.err);
    CHECK(run.exit_code == exit_code);
    return parse_json(as_bytes(run.out), "output");
  };
  Json done = asked({"--for", "google,aws", "--type", "aes-256"}, 0);
  CHECK(done["result"]["rows"].empty());
  REQUIRE(done["result"]["clouds"].size() == 2);
  CHECK(done["result"]["clouds"][0]["cloud"] == "google");
  CHECK(done["result"]["clouds"][0]["answer"] == "yes");
  for (const Json& one : done["result"]["clouds"][1]["asked"])
    CHECK((one["answer"] == "yes") == (one["ask_for"] == "RSAES_OAEP_SHA_1"));
  // SoftHSM pads the PKCS#8 of RSA keys.
  done = asked({"--for", "aws", "--type", "rsa-2048"}, 4);
  CHECK(done["result"]["clouds"][0]["answer"] == "only with options");
  done = asked({"--for", "google", "--type", "ed25519"}, 4);
  CHECK(done["result"]["clouds"][0]["answer"] == "no");
  done = asked({"--for", "azure", "--type", "ed25519"}, 4);
  CHECK(done["result"]["clouds"][0]["asked"].empty());
  CHECK(asked({"--for", "gogle"}, 2)["error"]["code"] == "provider-unknown");
  CHECK(asked({"--for", "aws", "--trusted"}, 2)["error"]["code"] == "trusted-with-for");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
