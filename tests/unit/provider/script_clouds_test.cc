// import.sh under dash with stand-ins on the PATH: exactly which words reach which client, and what
// is refused before anything is sent.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "base/text.h"
#include "support/skip.h"
#include "unit/provider/script_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;
using Names = std::vector<std::string>;

bool has(const Call& call, const std::string& option, const std::string& value) {
  const auto it = std::find(call.begin(), call.end(), option);
  return it != call.end() && it + 1 != call.end() && *(it + 1) == value;
}

Destination hmac() { return aws_destination(aws_options(), "generic-secret-64-bytes"); }

TEST_CASE("Azure: byok-file, kty and curve as az takes them, tags word by word") {
  azure::ImportOptions options;
  options.tags = {"owner=it's \"us\" $(id)", "a=b c"};
  options.expires = "2027-01-01T00:00:00Z";
  Connected side(azure_destination(options));
  CHECK(side.run("import") == 0);
  CHECK(side.calls() == std::vector<Call>{{"az",
                                           "keyvault",
                                           "key",
                                           "import",
                                           "--hsm-name",
                                           "acme-hsm",
                                           "--name",
                                           "acme-payments",
                                           "--kty",
                                           "oct",
                                           "--byok-file",
                                           "acme-payments.byok",
                                           "--ops",
                                           "encrypt",
                                           "decrypt",
                                           "wrapKey",
                                           "unwrapKey",
                                           "--tags",
                                           "owner=it's \"us\" $(id)",
                                           "a=b c",
                                           "--expires",
                                           "2027-01-01T00:00:00Z",
                                           "--output",
                                           "json"}});
  Connected ec(azure_destination({}, "ec-secp256k1", "azure-rest.json"));
  CHECK(ec.run("import") == 0);
  const Call call = ec.calls().front();
  CHECK(has(call, "--vault-name", "acme"));
  CHECK(has(call, "--kty", "EC"));
  CHECK(has(call, "--curve", "P-256K"));
  Connected rsa(azure_destination({}, "rsa-2048", "azure-rest.json"));
  CHECK(rsa.run("import") == 0);
  const Call rsa_call = rsa.calls().front();
  CHECK(has(rsa_call, "--kty", "RSA"));
  CHECK(std::find(rsa_call.begin(), rsa_call.end(), "--curve") == rsa_call.end());
}

TEST_CASE("Azure: every question goes to the version that the import made") {
  Connected side(azure_destination());
  CHECK(side.run() == 0);
  const auto calls = side.calls();
  REQUIRE(calls.size() == 6);
  const std::string kid = "https://acme-hsm.managedhsm.azure.net/keys/acme-payments/00ff";
  CHECK(has(calls[1], "--id", kid));
  CHECK(has(calls[3], "--value", to_base64(side.input().files[1].content)));
  CHECK(has(calls[4], "--uri", kid + "/wrapkey?api-version=7.5"));
  CHECK(has(calls[4], "--resource", "https://managedhsm.azure.net"));
  const Bytes& gcm = [&]() -> const Bytes& {
    for (const FolderFile& file : side.input().files) {
      if (file.name == "challenge-gcm.bin") return file.content;
    }
    return side.input().files.front().content;
  }();
  REQUIRE(gcm.size() == 48);
  CHECK(has(calls[5], "--value", to_base64(ByteView(gcm).first(32))));
  CHECK(has(calls[5], "--tag", to_hex(ByteView(gcm).last(16))));
}

TEST_CASE("Azure: a missing attestation command does not spoil the answers") {
  Connected side(azure_destination());
  CHECK(side.run("", "FAIL_ON=get-attestation") == 0);
  CHECK(side.answers().size() == 6);
}

TEST_CASE("Google: the import is waited for, then made primary, then asked") {
  Connected side(google_destination());
  side.shop().put("states", as_bytes("PENDING_IMPORT PENDING_IMPORT ENABLED"));
  CHECK(side.run() == 0);
  CHECK(side.verbs() ==
        Names{"gcloud kms keys versions import", "gcloud kms keys versions describe 7", "sleep 10",
              "gcloud kms keys versions describe 7", "sleep 10",
              "gcloud kms keys versions describe 7", "gcloud kms keys versions describe 7",
              "gcloud kms keys set-primary-version acme-payments",
              "gcloud kms keys versions describe 7", "gcloud kms keys versions describe 7",
              "gcloud kms keys versions describe 7",
              "gcloud kms keys versions get-certificate-chain 7"});
  CHECK(side.answers() == Names{"answer-attestation.dat", "answer-certificates.pem",
                                "answer-import.json", "answer-record.json", "answer-version.json"});
}

TEST_CASE("Google: the wrapped key goes by --wrapped-key-file, never by --target-key-file") {
  google::ImportOptions options;
  options.version = "3";
  Connected side(google_destination(options));
  CHECK(side.run("import") == 0);
  CHECK(side.calls().front() == Call{"gcloud",
                                     "kms",
                                     "keys",
                                     "versions",
                                     "import",
                                     "--import-job",
                                     "job-7",
                                     "--algorithm",
                                     "google-symmetric-encryption",
                                     "--wrapped-key-file",
                                     "wrapped-key.bin",
                                     "--version",
                                     "3",
                                     "--key",
                                     "acme-payments",
                                     "--keyring",
                                     "payments",
                                     "--location",
                                     "europe-west3",
                                     "--project",
                                     "acme-prod",
                                     "--format",
                                     "json"});
  CHECK(side.script().find("target-key-file") == std::string::npos);
}

TEST_CASE(
    "Google: a failed or endless import is told with its reason, and nothing is made primary") {
  Connected side(google_destination());
  side.shop().put("states", as_bytes("PENDING_IMPORT IMPORT_FAILED"));
  CHECK(side.run() != 0);
  CHECK(side.output().find("the import of version 7 failed: the reason") != std::string::npos);
  const auto verbs = side.verbs();
  CHECK(std::find(verbs.begin(), verbs.end(),
                  "gcloud kms keys set-primary-version acme-payments") == verbs.end());
  Connected endless(google_destination());
  endless.shop().put("states", as_bytes("PENDING_IMPORT"));
  CHECK(endless.run() != 0);
  CHECK(endless.calls().size() == 1 + 60 + 59);
  endless.shop().put("states", as_bytes("ENABLED"));
  CHECK(endless.run("set-primary answers") == 0);
}

TEST_CASE(
    "Google: the key is created when asked for, with a default algorithm where it needs one") {
  google::ImportOptions options;
  options.destroy_scheduled_duration = "48h";
  options.algorithm = "aes-256-cbc";
  Connected side(google_destination(options));
  CHECK(side.run("create") == 0);
  CHECK(side.calls() == std::vector<Call>{{"gcloud",
                                           "kms",
                                           "keys",
                                           "create",
                                           "acme-payments",
                                           "--purpose",
                                           "raw-encryption",
                                           "--protection-level",
                                           "hsm",
                                           "--default-algorithm",
                                           "aes-256-cbc",
                                           "--skip-initial-version-creation",
                                           "--import-only",
                                           "--destroy-scheduled-duration",
                                           "48h",
                                           "--keyring",
                                           "payments",
                                           "--location",
                                           "europe-west3",
                                           "--project",
                                           "acme-prod"}});
  options.algorithm.reset();
  options.keep_primary = true;
  Connected keep(google_destination(options));
  CHECK(keep.run() == 0);
  for (const Call& call : keep.calls()) {
    CHECK(std::find(call.begin(), call.end(), "set-primary-version") == call.end());
  }
}

TEST_CASE("The verification bundle imports under the material id that the first import answered") {
  Connected side(aws_destination(), Purpose::kVerification);
  CHECK(side.run() != 0);
  CHECK(side.output().find("--first-answers DIR") != std::string::npos);
  CHECK(side.run("--first-answers nowhere") != 0);
  std::filesystem::create_directory(side.shop().folder() / "first");
  side.shop().put("first/answer-import.json", as_bytes("{}"));
  CHECK(side.run("--first-answers first") != 0);
  CHECK(side.output().find("names no key material") != std::string::npos);
  CHECK(side.calls().empty());
  const std::string id = std::string(62, 'a') + "09";
  const std::string answer = "{\n    \"KeyId\": \"x\",\n    \"KeyMaterialId\": \"" + id + "\"\n}\n";
  side.shop().put("first/answer-import.json", as_bytes(answer));
  CHECK(side.run("--first-answers first") == 0);
  const auto calls = side.calls();
  CHECK(has(calls.front(), "--import-type", "EXISTING_KEY_MATERIAL"));
  CHECK(has(calls.front(), "--key-material-id", id));
  CHECK(side.answers() == Names{"answer-describe-key.json", "answer-import.json",
                                "answer-key-rotations.json", "answer-record.json",
                                "answer-reimport.json"});
}

TEST_CASE("What ties AWS's answer to the re-import is recorded beside it, as python reads it") {
  auto options = aws_options();
  options.key_material_id = std::string(64, 'b');
  Connected side(aws_destination(options), Purpose::kVerification);
  CHECK(side.run() == 0);
  side.shop().put("record.json", as_bytes(side.answer("answer-reimport.json")));
  side.shop().put("challenge.bin", bundle_file(side, "challenge.bin"));
  const std::string read = as_text(side.shop().must(
      "python3 -c \"import json,hashlib; r = json.load(open('record.json')); "
      "print(r['format'], r['version'], r['import_type'], r['key_material_id'], "
      "r['challenge_sha256'] == hashlib.sha256(open('challenge.bin','rb').read()).hexdigest(), "
      "r['answer']['KeyMaterialId'], r['asked'], len(r))\""));
  CHECK(read == "keyrite-reimport 2 EXISTING_KEY_MATERIAL " + std::string(64, 'b') + " True " +
                    std::string(63, '0') + "7 2026-02-13T12:00:00Z 7\n");
}

TEST_CASE("A re-import that AWS refuses leaves what was asked and AWS's words, and is told") {
  auto options = aws_options();
  options.key_material_id = std::string(64, 'b');
  Connected side(aws_destination(options), Purpose::kVerification);
  CHECK(side.run("", "FAIL_ON=import-key-material") != 0);
  CHECK(has(side.calls().front(), "--key-material-id", *options.key_material_id));
  // The questions are asked all the same: describe-key says what the refusal means.
  CHECK(side.answers() == Names{"answer-describe-key.json", "answer-import-error.json",
                                "answer-key-rotations.json", "answer-record.json"});
  const Json refusal = Json::parse(side.answer("answer-import-error.json"));
  CHECK(refusal.at("question") == "import-key-material");
  CHECK(refusal.at("asked") == "2026-02-13T12:00:00Z");
  CHECK(refusal.at("key_material_id") == *options.key_material_id);
  CHECK(refusal.at("message").get<std::string>().find("(IncorrectKeyMaterialException)") !=
        std::string::npos);
  // What AWS takes later puts it aside.
  CHECK(side.run("import", "NOW=20260213130000") == 0);
  CHECK(side.answer("answer-import-error.json").empty());
  CHECK_FALSE(side.answer("asked-2026-02-13T120000Z/answer-import-error.json").empty());
  CHECK_FALSE(side.answer("answer-reimport.json").empty());
}

TEST_CASE("An aws that cannot import existing material is told before anything is sent") {
  auto options = aws_options();
  options.key_material_id = std::string(64, 'b');
  Connected side(aws_destination(options), Purpose::kVerification);
  CHECK(side.run("", "SKELETON=ValidTo") != 0);
  CHECK(side.output().find("June 2025") != std::string::npos);
  CHECK(side.calls().empty());
}

TEST_CASE("A re-import for verification is for symmetric keys only") {
  const auto refused = [](const Destination& destination) {
    return refusal_of([&] {
      static_cast<void>(
          import_script(destination, script_input(destination, Purpose::kVerification)));
    });
  };
  CHECK(refused(hmac()) == usage("reimport-not-for-key-type"));
  CHECK(refused(azure_destination()) == usage("reimport-not-for-key-type"));
  CHECK(refused(google_destination()) == usage("reimport-not-for-key-type"));
}

TEST_CASE("Google: a gcloud that sends no GCM IV is passed by, its access token in no argument") {
  google::ImportOptions options;
  options.algorithm = "aes-256-gcm";
  Connected side(google_destination(options));
  const std::string refused = "FAIL_ON=raw-decrypt SAYS='the IV size must be 16 bytes.'";
  CHECK(side.run("", refused) == 0);
  const auto calls = side.calls();
  const Call& curl = calls.back();
  CHECK(curl.front() == "curl");
  const std::string path =
      "/v1/projects/acme-prod/locations/europe-west3/keyRings/payments/cryptoKeys/acme-payments/"
      "cryptoKeyVersions/7:rawDecrypt";
  CHECK(curl.back() == "https://cloudkms.googleapis.com" + path);
  const auto data = std::find(curl.begin(), curl.end(), "--data");
  REQUIRE(data != curl.end());
  const Json body = Json::parse(*(data + 1));
  CHECK(body.at("ciphertext") == to_base64(bundle_file(side, "challenge-gcm.bin")));
  CHECK(body.at("initializationVector") == to_base64(bundle_file(side, "challenge-gcm-iv.bin")));
  for (const std::string& word : curl) CHECK(word.find("Bearer") == std::string::npos);
  CHECK(side.answer("answer-aes-gcm-decrypt.json") == "{\"answer\": \"curl\"}\n");
  CHECK(side.answer("answer-aes-gcm-decrypt.bin").empty());
  // The client's own endpoint is used, whatever it is.
  CHECK(side.run("answers", refused + " ENDPOINT=https://kms.test/") == 0);
  CHECK(side.calls().back().back() == "https://kms.test" + path);
}

TEST_CASE("Google: another failure of gcloud is not laid to the IV, and its words are kept") {
  google::ImportOptions options;
  options.algorithm = "aes-256-gcm";
  Connected side(google_destination(options));
  CHECK(side.run("", "FAIL_ON=raw-decrypt SAYS='INVALID_ARGUMENT: Decryption \\failed \"x\".'") !=
        0);
  CHECK(side.output().find("IV of 12 bytes") == std::string::npos);
  const Json refusal = Json::parse(side.answer("answer-aes-gcm-decrypt-error.json"));
  CHECK(refusal.at("question") == "aes-gcm-decrypt");
  CHECK(refusal.at("message") == "INVALID_ARGUMENT: Decryption \\failed \"x\".");
  CHECK(refusal.at("key").get<std::string>().find("/cryptoKeyVersions/7") != std::string::npos);
  // The provider's reason is shown and kept where the REST interface is asked, too.
  CHECK(side.run("answers", "FAIL_ON=raw-decrypt SAYS='the IV size must be 16 bytes.' HTTP=403") !=
        0);
  CHECK(Json::parse(side.answer("answer-aes-gcm-decrypt-error.json"))
            .at("message")
            .get<std::string>()
            .find("curl") != std::string::npos);
}

TEST_CASE("Google: which version each answer is of is recorded with the answer's digest") {
  google::ImportOptions options;
  options.algorithm = "aes-256-cbc";
  Connected side(google_destination(options));
  CHECK(side.run() == 0);
  const Json record = Json::parse(side.answer("answer-record.json"));
  CHECK(record.at("format") == "keyrite-answers");
  CHECK(record.at("key") ==
        "projects/acme-prod/locations/europe-west3/keyRings/payments/cryptoKeys/acme-payments/"
        "cryptoKeyVersions/7");
  std::size_t raw = 0;
  for (const Json& row : record.at("answers")) {
    const std::string file = row.at("file");
    side.shop().put("answer", as_bytes(side.answer(file)));
    CHECK(as_text(side.shop().must("sha256sum < answer | cut -c 1-64 | tr -d '\\n'")) ==
          row.at("sha256").get<std::string>());
    raw += file == "answer-aes-cbc.bin" ? 1U : 0U;
  }
  CHECK(raw == 1);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
