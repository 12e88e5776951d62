#include <doctest/doctest.h>

#include "base/json.h"
#include "cli/room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// An EC key wrapped for AWS; nothing is imported anywhere.
struct Carried {
  Room room{Inputs::kGood};

  Carried() {
    if (!room.token) return;
    room.make_key("ec-p256", "sign", {"--for", "aws", "--public-out", room.path("sign.pem")});
    Words wrap = room.wrap_for_aws("good.json", "sign", "sign.aws");
    for (std::string& word : wrap) {
      if (word == "RSAES_OAEP_SHA_1") word = "RSA_AES_KEY_WRAP_SHA_1";
    }
    const auto run = run_program(wrap + Words{"--allow-host-ephemeral", "--accept-padded-pkcs8"} +
                                 room.at_token());
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
  }
  // "EXIT CODE VERDICT" of these files of evidence.
  [[nodiscard]] std::string verdict(const Words& evidence) const {
    Words words{tool_path("verify-import"), "answers", room.path("sign.aws"), "--json"};
    for (const std::string& file : evidence) words = words + Words{"--evidence", room.path(file)};
    const auto run = run_program(words);
    CAPTURE(run.err);
    const Json document = parse_json(as_bytes(run.out), "output");
    REQUIRE(document.contains("result"));
    return std::to_string(run.exit_code) + " " + document["result"]["verdict"].get<std::string>();
  }
};

TEST_CASE("The public key that generate-kek wrote is no proof that a cloud holds the key") {
  const Carried carried;
  if (!carried.room.token) return;
  CHECK(carried.verdict({"sign.pem"}) == "7 consistent but not proven");
}

TEST_CASE("Answers that a carrier writes from the bundle's own files prove nothing") {
  const Carried carried;
  if (!carried.room.token) return;
  // As AWS answers get-public-key and describe-key, by python3 from what lies in the folder.
  carried.room.shop.must(R"py(python3 -c '
import json
expected = json.load(open("sign.aws/expected.json"))
key, spec = expected["cloud"]["key"], expected["cloud"]["algorithm"]
json.dump({"KeyId": key, "PublicKey": expected["public_key"], "KeySpec": spec,
           "KeyUsage": "SIGN_VERIFY"}, open("key.json", "w"))
json.dump({"KeyMetadata": {"KeyId": key, "Arn": key, "Origin": "EXTERNAL", "KeySpec": spec,
                           "KeyState": "Enabled", "Enabled": True}}, open("state.json", "w"))
json.dump({"KeyId": key}, open("import.json", "w"))
')py");
  const Words made{"sign.pem", "key.json", "state.json", "import.json"};
  CHECK(carried.verdict(made) == "7 consistent but not proven");
  // They do not outvote a real answer of another key, either.
  carried.room.shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key 2>/dev/null "
      "&& "
      "openssl dgst -sha256 -sign other.key -out signature sign.aws/challenge.bin");
  CHECK(carried.verdict(made + Words{"signature"}) == "6 different");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
