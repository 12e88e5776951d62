// verify-import as it is run: what it says of answers that openssl computed from the key it found
// in the bundle, and of bundles and answers that somebody mixed up.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "cli/room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kKeyArn =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

// The bundle of an HMAC key, opened by openssl with the cloud's private key.
struct Imported {
  Room room{};
  std::string key_hex{};

  Imported() {
    if (!room.token) return;
    room.make_key("generic-secret-32-bytes", "mac", {"--for", "aws"});
    const auto run = run_program(room.wrap_for_aws("good.json", "mac", "mac.aws") +
                                 Words{"--key-spec", "HMAC_256"} + room.at_token());
    CAPTURE(run.err);
    REQUIRE(run.exit_code == 0);
    const Bytes key = room.shop.must(
        "openssl pkeyutl -decrypt -inkey good-private.pem -in mac.aws/EncryptedKeyMaterial.bin "
        "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 -pkeyopt rsa_mgf1_md:sha1");
    REQUIRE(key.size() == 32);
    key_hex = to_hex(key);
  }
  // AWS's answer to generate-mac, by the key `hex`.
  void put_mac(const std::string& name, const std::string& hex) const {
    const Bytes mac = room.shop.must("openssl mac -digest SHA256 -macopt hexkey:" + hex +
                                     " -binary -in mac.aws/challenge.bin HMAC");
    room.shop.put(name, as_bytes(dump_json({{"KeyId", kKeyArn},
                                            {"Mac", to_base64(mac)},
                                            {"MacAlgorithm", "HMAC_SHA_256"}})));
  }
  void put_state(const std::string& name, const std::string& state) const {
    const Json metadata{{"Arn", kKeyArn},
                        {"KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"},
                        {"KeyState", state},
                        {"Origin", "EXTERNAL"},
                        {"KeySpec", "HMAC_256"}};
    room.shop.put(name, as_bytes(dump_json({{"KeyMetadata", metadata}})));
  }
  [[nodiscard]] Words answers(const std::string& evidence, const Words& more = {}) const {
    return Words{tool_path("verify-import"), "answers", room.path("mac.aws")} + more +
           Words{"--evidence", room.path(evidence)};
  }
  [[nodiscard]] Words bundle(const Words& more) const {
    return Words{tool_path("verify-import"), "bundle", room.path("mac.aws")} + more;
  }
  [[nodiscard]] std::string manifest_sha256() const {
    return as_text(room.shop.must("sha256sum < mac.aws/manifest.json | cut -c 1-64 | tr -d '\\n'"));
  }
};

Json run_json(const Words& words, int exit_code) {
  const auto run = run_program(words + Words{"--json"});
  CAPTURE(run.err);
  CHECK(run.exit_code == exit_code);
  return parse_json(as_bytes(run.out), "output");
}

void check_verdict(const Words& words, int exit_code, const std::string& verdict) {
  CHECK(run_json(words, exit_code)["result"]["verdict"] == verdict);
}

void check_error(const Words& words, int exit_code, const std::string& code) {
  const Json document = run_json(words, exit_code);
  REQUIRE(document.contains("error"));
  CHECK(document["error"]["code"] == code);
  CHECK_FALSE(document["error"].value("hint", "").empty());
}

TEST_CASE("The exit code is the verdict: 0 proven, 6 different, 7 consistent but not proven") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  imported.put_mac("wrong.json", std::string(64, '7'));
  imported.put_state("enabled.json", "Enabled");
  check_verdict(imported.answers("right.json"), 0, "proven");
  check_verdict(imported.answers("wrong.json"), 6, "different");
  check_verdict(imported.answers("enabled.json"), 7, "consistent but not proven");
}

TEST_CASE("A cryptographic proof can be required, and where the key is stays the provider's word") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  for (const char* basis : {"cryptographic", "statement"}) {
    const Json result = run_json(imported.answers("right.json", {"--require", basis}), 0)["result"];
    CHECK(result["satisfied"] == true);
    CHECK(result["named_by_answers"] == kKeyArn);
  }
  check_error(imported.answers("right.json", {"--require", "faith"}), 2, "basis-unknown");
  const auto said = run_program(imported.answers("right.json"));
  CHECK(said.err.starts_with(
      "verdict: proven (cryptographic)\n  the key that answered is key \"mac\"\n"));
  CHECK(said.err.find("That the key is there is a statement of the provider") != std::string::npos);
  const std::string raw = "openssl mac -digest SHA256 -macopt hexkey:" + imported.key_hex +
                          " -binary -in mac.aws/challenge.bin -out raw HMAC";
  imported.room.shop.must(raw);
  const auto nowhere = run_program(imported.answers("raw"));
  CHECK(nowhere.exit_code == 0);
  CHECK(nowhere.err.find("they do not say where the key is") != std::string::npos);
}

TEST_CASE("Words of the length of a MAC are no answer of another key") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.room.shop.put("words", as_bytes("thirty-two bytes of plain words!"));
  check_error(imported.answers("words"), 3, "evidence-unreadable");
}

TEST_CASE("Answers that contradict each other prove nothing, and one that differs decides") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  imported.put_mac("wrong.json", std::string(64, '7'));
  imported.put_state("pending.json", "PendingImport");
  const Words pending{imported.room.path("pending.json")};
  check_verdict(imported.answers("right.json") + pending, 7, "consistent but not proven");
  const Words two = imported.answers("right.json") + Words{imported.room.path("wrong.json")};
  check_verdict(two, 6, "different");
  for (const auto& words : {two, imported.answers("right.json") + pending}) {
    CHECK(run_program(words).err.find(
              "\n  the answers contradict each other; are they of two keys?\n") !=
          std::string::npos);
  }
}

TEST_CASE("A folder stands for its files, and a folder in it is skipped aloud") {
  const Imported imported;
  if (!imported.room.token) return;
  std::filesystem::create_directories(imported.room.path("answers/old"));
  imported.put_mac("answers/right.json", imported.key_hex);
  const auto run = run_program(imported.answers("answers"));
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("answers/old: skipped, because it is a folder") != std::string::npos);
}

TEST_CASE("The bundle's own files are nobody's answer, and are skipped aloud") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  const auto own = [&](const char* name) { return imported.room.path("mac.aws/") + name; };
  check_error(imported.answers("mac.aws"), 2, "evidence-missing");
  const auto run = run_program(imported.answers("right.json") +
                               Words{own("wrapping-key.der"), own("challenge.bin")});
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("mac.aws/challenge.bin: skipped, because it is a file of the bundle") !=
        std::string::npos);
  const Json result =
      run_json(imported.answers("right.json") + Words{own("manifest.json")}, 0)["result"];
  CHECK(result["skipped"] == Json::array({own("manifest.json")}));
  CHECK(result["findings"].size() == 1);
}

TEST_CASE("What is said of a different key is no more than what was seen") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("wrong.json", std::string(64, '7'));
  const auto wrong = run_program(imported.answers("wrong.json"));
  CHECK(wrong.exit_code == 6);
  CHECK(wrong.err.find("or was asked something else, or whoever carried the file wrote it") !=
        std::string::npos);
  const Json metadata{
      {"Arn", kKeyArn}, {"KeyId", kKeyArn}, {"KeyState", "Enabled"}, {"Origin", "AWS_KMS"}};
  imported.room.shop.put("made.json", as_bytes(dump_json({{"KeyMetadata", metadata}})));
  const auto made = run_program(imported.answers("made.json"));
  CHECK(made.exit_code == 6);
  CHECK(made.err.find("By the provider's word, which whoever carried the files could have") !=
        std::string::npos);
}

TEST_CASE("Evidence that cannot be read is no verdict") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.room.shop.put("note.json", as_bytes(R"({"note": "all went well"})"));
  check_error(imported.answers("note.json"), 3, "evidence-unreadable");
  check_error(imported.answers("absent.json"), 3, "file-unreadable");
  check_error({tool_path("verify-import"), "answers", imported.room.path("mac.aws")}, 2,
              "value-missing");
}

TEST_CASE("A bundle that was changed is refused before any answer is judged") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  imported.room.shop.must("chmod u+w mac.aws/expected.json; echo >> mac.aws/expected.json");
  check_error(imported.answers("right.json"), 6, "bundle-size");
}

TEST_CASE("The manifest can be compared with the protocol, in any spelling of its digest") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.put_mac("right.json", imported.key_hex);
  const std::string digest = imported.manifest_sha256();
  const std::string spelled = digest.substr(0, 32) + " " + digest.substr(32);
  for (const auto& good : {digest, spelled}) {
    CHECK(run_json(imported.answers("right.json", {"--expect-manifest", good}),
                   0)["result"]["manifest_compared"] == true);
    CHECK(run_program(imported.bundle({"--expect-manifest", good})).exit_code == 0);
  }
  const std::string other(64, 'a');
  check_error(imported.answers("right.json", {"--expect-manifest", other}), 6,
              "bundle-manifest-unexpected");
  for (const auto& words : {imported.bundle({"--expect-manifest", "zz"}),
                            imported.answers("right.json", {"--expect-manifest", "zz"})}) {
    const Json error = run_json(words, 2)["error"];
    CHECK(error["code"] == "fingerprint-invalid");
    CHECK(error["hint"].get<std::string>().ends_with("\n    sha256sum manifest.json"));
  }
  const Json of_key = run_json(imported.bundle({"--expect-wrapping-key", "zz"}), 2)["error"];
  CHECK(of_key["code"] == "fingerprint-invalid");
  CHECK(of_key["hint"].get<std::string>().ends_with(
      "\n    openssl pkey -pubin -in KEY -outform DER | sha256sum"));
  CHECK(run_json(imported.answers("right.json"), 0)["result"]["manifest_compared"] == false);
}

TEST_CASE("Every check that failed is in the JSON of a bundle that is not good") {
  const Imported imported;
  if (!imported.room.token) return;
  imported.room.shop.must("echo >> mac.aws/README.txt; echo > mac.aws/more.txt");
  for (const auto& words :
       {imported.bundle({}), imported.bundle({"--expect-manifest", std::string(64, 'a')})}) {
    const Json error = run_json(words, 6)["error"];
    std::vector<std::string> codes;
    for (const auto& failed : error["failed_checks"]) codes.push_back(failed["code"]);
    CHECK(error["code"] == codes.front());
    CHECK(error["message"] == error["failed_checks"][0]["message"]);
    CHECK(std::count(codes.begin(), codes.end(), "bundle-file-extra") == 1);
    CHECK(std::count(codes.begin(), codes.end(), "bundle-size") == 1);
    CHECK(error["failed_checks"][codes.size() - 1]["object"].is_string());
    // As many as the table for people has.
    const auto run = run_program(words);
    CHECK(run.err.starts_with("verdict: NOT good, "));
    std::size_t shown = 0;
    for (auto at = run.err.find("FAILED  "); at != std::string::npos;
         at = run.err.find("FAILED  ", at + 1))
      ++shown;
    CHECK(shown == codes.size());
  }
}

TEST_CASE("The wrapping key of a bundle can be that of the import parameters at hand") {
  const Imported imported;
  if (!imported.room.token) return;
  const auto with_key = [&](const std::string& file) {
    return imported.bundle({"--wrapping-key", imported.room.path(file)});
  };
  const auto good = run_program(with_key("good.json"));
  CHECK(good.exit_code == 0);
  CHECK(good.err.starts_with("verdict: good\n  good  "));
  imported.room.shop.must("openssl pkey -in good-private.pem -pubout -out good.pem");
  CHECK(run_program(with_key("good.pem")).exit_code == 0);
  check_error(with_key("other-size-job.json"), 6, "bundle-parameters");
}

TEST_CASE("A folder that holds bundles is none, and no word is said of what is in it") {
  const Imported imported;
  if (!imported.room.token) return;
  check_error({tool_path("verify-import"), "bundle", imported.room.shop.folder().native()}, 6,
              "bundle-file-missing");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
