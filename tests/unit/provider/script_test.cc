// import.sh under dash with stand-ins on the PATH: exactly which words reach which client, and what
// is refused before anything is sent.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "provider/recorded_text.h"
#include "support/skip.h"
#include "unit/provider/script_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;
using Names = std::vector<std::string>;

constexpr const char* kArn =
    "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

bool has(const Call& call, const std::string& option, const std::string& value) {
  const auto it = std::find(call.begin(), call.end(), option);
  return it != call.end() && it + 1 != call.end() && *(it + 1) == value;
}

Destination hmac() { return aws_destination(aws_options(), "generic-secret-64-bytes"); }

TEST_CASE("AWS: the import and the questions are asked with exactly these words") {
  Connected side(hmac());
  CHECK(side.run() == 0);
  const Call import{"aws",
                    "kms",
                    "import-key-material",
                    "--key-id",
                    kArn,
                    "--encrypted-key-material",
                    "fileb://EncryptedKeyMaterial.bin",
                    "--import-token",
                    "fileb://ImportToken.bin",
                    "--expiration-model",
                    "KEY_MATERIAL_DOES_NOT_EXPIRE",
                    "--region",
                    "eu-central-1",
                    "--output",
                    "json"};
  const Call describe{"aws",      "kms",          "describe-key", "--key-id", kArn,
                      "--region", "eu-central-1", "--output",     "json"};
  const Call mac{"aws",          "kms",       "generate-mac",          "--key-id",
                 kArn,           "--message", "fileb://challenge.bin", "--mac-algorithm",
                 "HMAC_SHA_512", "--region",  "eu-central-1",          "--output",
                 "json"};
  CHECK(side.calls() == std::vector<Call>{import, describe, mac});
  CHECK(side.answers() == Names{"answer-describe-key.json", "answer-hmac-sha512.json",
                                "answer-import.json", "answer-record.json"});
  CHECK(side.answer("answer-hmac-sha512.json") == "{\"answer\": \"aws\"}\n");
}

TEST_CASE("AWS: what the operator chose for the import is said, and nothing else") {
  auto options = aws_options();
  options.valid_to = "2026-06-01T02:00:00+02:00";
  options.import_type = "NEW_KEY_MATERIAL";
  options.key_material_description = "tenant acme: v3";
  options.profile = "it's $(touch gone) \"mine\"";
  Connected side(aws_destination(options));
  CHECK(side.run("import") == 0);
  const auto calls = side.calls();
  REQUIRE(calls.size() == 1);
  CHECK(has(calls[0], "--expiration-model", "KEY_MATERIAL_EXPIRES"));
  CHECK(has(calls[0], "--valid-to", "2026-06-01T00:00:00Z"));
  CHECK(has(calls[0], "--import-type", "NEW_KEY_MATERIAL"));
  CHECK(has(calls[0], "--key-material-description", "tenant acme: v3"));
  CHECK(has(calls[0], "--profile", "it's $(touch gone) \"mine\""));
  CHECK_FALSE(std::filesystem::exists(side.shop().folder() / "gone"));
}

TEST_CASE("A changed or missing file of the bundle is refused before anything is sent") {
  for (const Destination& destination : {hmac(), azure_destination(), google_destination()}) {
    Connected side(destination);
    for (const FolderFile& file : side.input().files) {
      CAPTURE(file.name);
      Bytes changed = file.content;
      changed[changed.size() / 2] ^= 0x20;
      side.put(file.name, changed);
      CHECK(side.run() != 0);
      CHECK(side.output().find(file.name + " was changed") != std::string::npos);
      std::filesystem::remove(side.shop().folder() / "bundle" / file.name);
      CHECK(side.run() != 0);
      CHECK(side.output().find(file.name + " is missing") != std::string::npos);
      side.put(file.name, file.content);
    }
    CHECK(side.calls().empty());
    CHECK(side.answers().empty());
  }
}

TEST_CASE("A manifest of another bundle, or none, is refused before anything is sent") {
  for (const Destination& destination : {hmac(), azure_destination(), google_destination()}) {
    Connected side(destination);
    std::string manifest = side.manifest();
    char& digit = manifest.at(manifest.find(side.input().core_sha256));
    digit = digit == '0' ? '1' : '0';
    side.put("manifest.json", Bytes(manifest.begin(), manifest.end()));
    CHECK(side.run() != 0);
    CHECK(side.output() ==
          "import.sh: manifest.json belongs to a different bundle than this script: do not import "
          "it\n");
    std::filesystem::remove(side.shop().folder() / "bundle/manifest.json");
    CHECK(side.run() != 0);
    CHECK(side.output() == "import.sh: manifest.json is missing: copy the whole folder again\n");
    CHECK(side.calls().empty());
    CHECK(side.answers().empty());
  }
}

TEST_CASE("Expired parameters are refused before anything is sent, answers may still be fetched") {
  Connected side(hmac());
  CHECK(side.run("", "NOW=20260213173925") != 0);
  CHECK(side.output().find("expired at 2026-02-13T17:39:25Z") != std::string::npos);
  CHECK(side.calls().empty());
  CHECK(side.run("import", "NOW=20260213173924") == 0);
  CHECK(side.run("answers", "NOW=20270101000000") == 0);
}

TEST_CASE("A client that is not installed is named") {
  for (const auto& [destination, client] : std::vector<std::pair<Destination, std::string>>{
           {hmac(), "aws"}, {azure_destination(), "az"}, {google_destination(), "gcloud"}}) {
    Connected side(destination);
    side.shop().must(
        "mkdir empty && for tool in sh cat dirname sha256sum sed tr mkdir dash; do ln -s "
        "\"$(command -v $tool)\" empty/$tool; done");
    CHECK(side.run("", "PATH=\"$PWD/empty\"") != 0);
    const std::string core =
        "import.sh: core of the bundle: " + core_in_groups(side.input().core_sha256) + "\n";
    CHECK(side.output() == core + "import.sh: " + client + " is not installed here\n");
  }
}

TEST_CASE("An import that fails is told by the exit code, and nothing is done after it") {
  for (const auto& [destination, word] :
       std::vector<std::pair<Destination, std::string>>{{hmac(), "import-key-material"},
                                                        {azure_destination(), "import"},
                                                        {google_destination(), "import"}}) {
    Connected side(destination);
    CHECK(side.run("", "FAIL_ON=" + word) != 0);
    CHECK(side.calls().size() == 1);
    CHECK(side.answers().empty());
    CHECK(side.run() == 0);
    CHECK_FALSE(side.answer("answer-import.json").empty());
  }
}

TEST_CASE("A second import of the same bundle is refused, and the import's answer stays") {
  Connected side(hmac());
  CHECK(side.run() == 0);
  static_cast<void>(side.calls());
  const std::string imported = side.answer("answer-import.json");
  CHECK(side.run() != 0);
  CHECK(side.calls().empty());
  CHECK(side.run("answers") == 0);
  CHECK(side.verbs() == Names{"aws kms describe-key", "aws kms generate-mac"});
  CHECK(side.answer("answer-import.json") == imported);
  CHECK(side.run("--answers other") == 0);
  CHECK(side.calls().size() == 3);
  CHECK(std::filesystem::exists(side.shop().folder() / "other" / "answer-import.json"));
}

TEST_CASE("A question without an answer is told, the others are asked, and asking again asks all") {
  Connected side(hmac());
  CHECK(side.run("", "FAIL_ON=describe-key") != 0);
  CHECK(side.calls().size() == 3);
  CHECK(side.answers() ==
        Names{"answer-hmac-sha512.json", "answer-import.json", "answer-record.json"});
  CHECK(side.run("answers") == 0);
  CHECK(side.verbs() == Names{"aws kms describe-key", "aws kms generate-mac"});
}

TEST_CASE("--print shows the commands, runs and writes nothing, and what it shows is what runs") {
  azure::ImportOptions options;
  options.tags = {"owner=it's \"us\" $(id)", "a=b c"};
  for (const Destination& destination :
       {hmac(), azure_destination(options), google_destination()}) {
    Connected side(destination);
    CHECK(side.run("--print import") == 0);
    CHECK(side.calls().empty());
    CHECK(side.answers().empty());
    std::string line = side.output().substr(0, side.output().find('\n'));
    line.resize(line.find(" > "));
    CHECK(side.run("import") == 0);
    const auto ran = side.calls().front();
    side.shop().must("cd bundle && WORK=.. PATH=\"../bin:$PATH\" && export WORK PATH && " + line +
                     " > /dev/null");
    CHECK(side.calls() == std::vector<Call>{ran});
  }
}

TEST_CASE("Unknown steps and options are refused before anything is sent") {
  Connected side(hmac());
  for (const char* words : {"create", "import bogus", "--bogus", "--answers", "--answers ''",
                            "--first-answers x", "''"}) {
    CAPTURE(words);
    CHECK(side.run(words) != 0);
  }
  CHECK(side.calls().empty());
  CHECK(side.run("--help") == 0);
  CHECK(side.output().find("usage: ./import.sh") == 0);
}

TEST_CASE("A folder name with spaces, quotes and substitutions does no harm") {
  Connected side(hmac(), Purpose::kImport, "it's a \"$(touch gone)\" bundle");
  CHECK(side.run() == 0);
  CHECK(side.answers().size() == 4);
  CHECK_FALSE(std::filesystem::exists(side.shop().folder() / "gone"));
}

TEST_CASE("Every script is clean to shellcheck and parses in every shell there is") {
  const Workshop shop;
  if (shop.run("command -v shellcheck").exit_code != 0) {
    skip("shellcheck is not installed");
    return;
  }
  std::size_t count = 0;
  const auto add = [&](const Destination& destination, Purpose purpose = Purpose::kImport) {
    const std::string script = import_script(destination, script_input(destination, purpose));
    shop.put("script-" + std::to_string(count++) + ".sh", as_bytes(script));
  };
  for (const KeyType& type : all_key_types()) {
    const auto taken = [&](Provider provider) {
      return key_rule(provider, type).standing == Standing::kTaken;
    };
    const bool rsa = type.family == KeyFamily::kRsa;
    if (taken(Provider::kAws)) {
      add(aws_destination(aws_options(rsa ? "RSA_AES_KEY_WRAP_SHA_256" : "RSAES_OAEP_SHA_256"),
                          type.name()));
    }
    if (taken(Provider::kAzure)) add(azure_destination({}, type.name()));
    if (!taken(Provider::kGoogle)) continue;
    for (const CloudType& cloud : key_rule(Provider::kGoogle, type).cloud_types) {
      google::ImportOptions options;
      options.algorithm = cloud.algorithm;
      add(google_destination(options, type.name()));
    }
  }
  add(aws_destination(), Purpose::kVerification);
  CHECK(count > 50);
  CHECK(as_text(shop.must("shellcheck --shell=sh script-*.sh 2>&1 || true")).empty());
  shop.must(
      "for script in script-*.sh; do dash -n $script && bash --posix -n $script || exit 1; done");
}

TEST_CASE("README.txt names the key, the limit, the steps and the commands that came before") {
  const Destination destination = google_destination();
  const std::string text = readme(destination, script_input(destination));
  for (const char* part :
       {"acme-payments", "2026-02-14T08:00:00Z", "./import.sh --print", "set-primary",
        "gcloud kms import-jobs create job-7 --import-method rsa-oaep-3072-sha256-aes-256"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  const auto aws = preparation(aws_destination());
  CHECK(aws.at(1) == std::string("aws kms get-parameters-for-import --key-id ") + kArn +
                         " --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096 "
                         "--region eu-central-1 --output json > params.json");
  CHECK(preparation(azure_destination()).front() ==
        "az keyvault key create --hsm-name acme-hsm --name KEKforBYOK --kty RSA-HSM --size 4096 "
        "--ops import --output json > kek.json");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
