// Refusals as import.sh records them, and error messages as the clients print them: what they say
// about the key, and what they do not.
#include <doctest/doctest.h>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

const std::string kMaterial(64, 'a');
const std::string kWords =
    "An error occurred (IncorrectKeyMaterialException) when calling the ImportKeyMaterial "
    "operation: The key material in the request is not the same";

Expected symmetric() {
  Expected expected;
  expected.provider = Provider::kAws;
  expected.purpose = Purpose::kVerification;
  expected.key_type = {KeyFamily::kAes, 256};
  expected.cloud_key = kAwsKey;
  expected.cloud_algorithm = "SYMMETRIC_DEFAULT";
  expected.challenge = Bytes(32, 1);
  return expected;
}

// By sha256sum, of the challenge above.
const std::string kChallengeSha256 =
    "72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793";

Json refused_import(const std::string& message = kWords) {
  return {{"format", "keyrite-refusal"},          {"version", 1},
          {"asked", "2026-02-13T12:00:00Z"},      {"question", "import-key-material"},
          {"key", std::string(kAwsKey)},          {"key_material_id", kMaterial},
          {"challenge_sha256", kChallengeSha256}, {"message", message}};
}

InputFile file(const Json& document) { return {"file.json", bytes_of(dump_json(document))}; }

InputFile description(const std::string& material, const std::string& state) {
  return file({{"KeyMetadata",
                {{"KeyId", std::string(kAwsKey)},
                 {"KeyState", state},
                 {"Origin", "EXTERNAL"},
                 {"CurrentKeyMaterialId", material}}}});
}

InputFile taken(const std::string& asked) {
  Json record{{"format", "keyrite-reimport"},
              {"version", 2},
              {"asked", asked},
              {"import_type", "EXISTING_KEY_MATERIAL"},
              {"key_material_id", kMaterial},
              {"challenge_sha256", kChallengeSha256},
              {"answer", {{"KeyId", std::string(kAwsKey)}, {"KeyMaterialId", kMaterial}}}};
  if (asked.empty()) {
    record["version"] = 1;
    record.erase("asked");
  }
  return file(record);
}

Judgement judged(const std::vector<InputFile>& files) { return judge(symmetric(), files); }

TEST_CASE("A refused re-import is different only while the key holds what was asked for") {
  const auto refused = judged({file(refused_import()), description(kMaterial, "Enabled")});
  CHECK(refused.verdict == Verdict::kDifferent);
  CHECK(refused.basis == Basis::kProviderStatement);
  // AWS says the same of expired material.
  CHECK(judged({file(refused_import())}).verdict == Verdict::kConsistentNotProven);
  for (const auto& state :
       {description(kMaterial, "PendingImport"), description(std::string(64, 'b'), "Enabled")}) {
    const auto expired = judged({file(refused_import()), state});
    CHECK(expired.verdict == Verdict::kConsistentNotProven);
    CHECK(expired.findings[0].result == Result::kContradicts);
  }
  // Clients of before June 2025 leave out which material it is.
  const InputFile unnamed =
      file({{"KeyMetadata",
             {{"KeyId", std::string(kAwsKey)}, {"KeyState", "Enabled"}, {"Origin", "EXTERNAL"}}}});
  const auto not_said = judged({file(refused_import()), unnamed});
  CHECK(not_said.verdict == Verdict::kConsistentNotProven);
  CHECK(not_said.findings[0].result == Result::kNotProof);
  const auto token = judged(
      {file(refused_import("(ExpiredImportTokenException)")), description(kMaterial, "Enabled")});
  CHECK(token.verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("A refusal of before does not outvote a re-import that AWS took later") {
  const InputFile state = description(kMaterial, "Enabled");
  CHECK(judged({file(refused_import()), taken("2026-02-13T13:00:00Z"), state}).verdict ==
        Verdict::kProven);
  CHECK(judged({file(refused_import()), taken(""), state}).verdict == Verdict::kProven);
  CHECK(judged({{"answer-import-error.txt", bytes_of(kWords)}, taken(""), state}).verdict ==
        Verdict::kProven);
  CHECK(judged({file(refused_import()), taken("2026-02-13T11:00:00Z"), state}).verdict ==
        Verdict::kDifferent);
}

TEST_CASE("A refusal of another bundle's re-import, or of another key, says nothing") {
  for (const auto& [field, value] : std::vector<std::pair<std::string, std::string>>{
           {"challenge_sha256", std::string(64, '0')},
           {"key", "arn:aws:kms:eu-central-1:111122223333:key/other"}}) {
    Json refusal = refused_import();
    refusal[field] = value;
    const auto other = judged({file(refusal), description(kMaterial, "Enabled")});
    CHECK(other.verdict == Verdict::kConsistentNotProven);
    CHECK(other.findings[0].result == Result::kNotProof);
  }
}

TEST_CASE("AWS's error messages are read in every form of the client, and prove nothing") {
  const std::string name = "IncorrectKeyMaterialException";
  for (const std::string& text :
       {kWords, "aws: [ERROR]: " + kWords + "\n\nAdditional error details:\nType: Sender\n",
        dump_json({{"Code", name}, {"Message", "not the same"}}),
        "Code: " + name + "\nMessage: not the same\n", name + "\tnot the same\n",
        "-----------\n|  Error  |\n+---------+\n|  Code   |  " + name + " |\n"}) {
    CAPTURE(text);
    const auto alone = judge_text(symmetric(), text);
    CHECK(alone.verdict == Verdict::kConsistentNotProven);
    CHECK(alone.findings[0].what == "AWS error message");
    CHECK(alone.findings[0].reason.find("expired material") != std::string::npos);
  }
  for (const std::string& text :
       {std::string("Code: ThrottlingException\nMessage: slow\n"),
        dump_json({{"Code", "AccessDeniedException"}, {"Message", ""}})}) {
    CHECK(refusal(symmetric(), bytes_of(text)) == "evidence-unreadable");
  }
}

TEST_CASE("A cloud that will not open what the token's key sealed holds another key") {
  struct Row {
    Provider cloud{};
    std::string algorithm{};
    std::string key{};
    std::string version{};
    std::string other{};   // another key's words
    std::string outage{};  // of something else
  };
  const std::vector<Row> rows{
      {Provider::kAzure, "oct", std::string(kAzureKey), "/0a", "ERROR: (BadParameter) tag mismatch",
       "ERROR: (BadParameter) The algorithm is not supported"},
      {Provider::kAzure, "oct", std::string(kAzureKey), "/0a", "ERROR: (BadParameter) tag mismatch",
       "ERROR: (Forbidden) The user has no decrypt permission"},
      {Provider::kGoogle, "aes-256-gcm", std::string(kGoogleKey), "/cryptoKeyVersions/1",
       "INVALID_ARGUMENT: Decryption failed: the ciphertext is invalid.",
       "UNAVAILABLE: try again later"}};
  for (const Row& row : rows) {
    const Workshop shop;
    const Bench bench = secret_bench(shop, {row.cloud, row.algorithm, {"decrypt"}},
                                     {KeyFamily::kAes, 256}, counting_key(32), row.key);
    REQUIRE(bench.expected.answers.size() == 1);
    shop.put("challenge", bench.expected.challenge);
    Json document{{"format", "keyrite-refusal"},
                  {"version", 1},
                  {"asked", "2026-02-13T12:00:00Z"},
                  {"question", "aes-gcm-decrypt"},
                  {"key", row.key + row.version},
                  {"key_material_id", nullptr},
                  {"challenge_sha256", as_text(shop.must("sha256sum < challenge")).substr(0, 64)},
                  {"message", row.other}};
    const auto different = judge_text(bench.expected, dump_json(document));
    CHECK(different.verdict == Verdict::kDifferent);
    CHECK(different.basis == Basis::kProviderStatement);
    document["message"] = row.outage;
    const auto outage = judge_text(bench.expected, dump_json(document));
    CHECK(outage.verdict == Verdict::kConsistentNotProven);
    CHECK(outage.findings[0].reason.find("ask again") != std::string::npos);
    document["message"] = row.other;
    document["question"] = "aes-cbc";
    CHECK(judge_text(bench.expected, dump_json(document)).verdict == Verdict::kConsistentNotProven);
    document["question"] = "aes-gcm-decrypt";
    document["more"] = 1;
    CHECK(refusal(bench.expected, bytes_of(dump_json(document))) == "evidence-unreadable");
  }
}

TEST_CASE("A refusal beside an answer that shows use of the key does not outvote it") {
  const Workshop shop;
  const Bench bench =
      secret_bench(shop, {Provider::kAzure, "oct", {"encrypt", "decrypt"}}, {KeyFamily::kAes, 256},
                   counting_key(32), std::string(kAzureKey));
  const std::string kid = std::string(kAzureKey) + "/0a";
  const Bytes sealed =
      shop.must("openssl enc -nopad -aes-256-cbc -K " + counting_key(32) + " -iv " +
                bench.expected.answers.front().iv + " -in challenge.bin");
  const Json refusal{
      {"format", "keyrite-refusal"},
      {"version", 1},
      {"asked", "2026-02-13T12:00:00Z"},
      {"question", "aes-gcm-decrypt"},
      {"key", kid},
      {"key_material_id", nullptr},
      {"challenge_sha256", as_text(shop.must("sha256sum < challenge.bin")).substr(0, 64)},
      {"message", "ERROR: (BadParameter) tag mismatch"}};
  const auto both =
      judge(bench.expected,
            {file(refusal),
             file({{"kid", kid}, {"algorithm", "A256CBC"}, {"result", to_base64(sealed)}})});
  CHECK(both.verdict == Verdict::kProven);
  CHECK(both.findings[0].result == Result::kNotProof);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
