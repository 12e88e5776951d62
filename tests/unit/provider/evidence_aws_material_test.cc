// What AWS says about imported symmetric material: the re-import of the same bytes.
#include <doctest/doctest.h>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace {

using namespace provider;

const std::string kMaterial(64, 'a');
const std::string kOtherMaterial(64, 'b');

Expected symmetric(Purpose purpose) {
  Expected expected;
  expected.provider = Provider::kAws;
  expected.purpose = purpose;
  expected.key_type = {KeyFamily::kAes, 256};
  expected.cloud_key = kAwsKey;
  expected.cloud_algorithm = "SYMMETRIC_DEFAULT";
  expected.challenge = Bytes(32, 1);
  return expected;
}

InputFile import_answer(const std::string& material,
                        const std::string& key = std::string(kAwsKey)) {
  return {"import.json", bytes_of(dump_json({{"KeyId", key}, {"KeyMaterialId", material}}))};
}

InputFile description(const std::string& material, const std::string& state,
                      const std::string& origin = "EXTERNAL",
                      const std::string& key = std::string(kAwsKey)) {
  const Json metadata{{"KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"},
                      {"Arn", key},
                      {"KeyState", state},
                      {"Origin", origin},
                      {"KeySpec", "SYMMETRIC_DEFAULT"},
                      {"CurrentKeyMaterialId", material}};
  return {"describe.json", bytes_of(dump_json({{"KeyMetadata", metadata}}))};
}

InputFile rotations(const std::string& material, const std::string& state) {
  const Json row{{"KeyId", std::string(kAwsKey)},
                 {"KeyMaterialId", material},
                 {"KeyMaterialState", state},
                 {"ImportState", "IMPORTED"}};
  return {"rotations.json",
          bytes_of(dump_json({{"Rotations", Json::array({row})}, {"Truncated", false}}))};
}

Verdict verdict(const Expected& expected, const std::vector<InputFile>& files) {
  return judge(expected, files).verdict;
}

}  // namespace

TEST_CASE("A first import proves nothing and the way to a proof is one that the key type has") {
  Expected expected = symmetric(Purpose::kImport);
  const auto of_aes = judge(expected, {import_answer(kMaterial)});
  CHECK(of_aes.verdict == Verdict::kConsistentNotProven);
  CHECK(of_aes.findings.at(0).reason ==
        "AWS accepted the import; a first import is accepted whatever key it brings. Re-import the "
        "same key from a verification bundle");
  // AWS imports no HMAC material a second time, so there is no verification bundle for it.
  expected.key_type = {KeyFamily::kGenericSecret, 32};
  expected.cloud_algorithm = "HMAC_256";
  CHECK(judge(expected, {import_answer(kMaterial)}).findings.at(0).reason ==
        "AWS accepted the import; a first import is accepted whatever key it brings. The answers "
        "to the challenges decide");
}

TEST_CASE("A re-import of the material that the key holds now proves it, by provider statement") {
  const auto judged = judge(symmetric(Purpose::kVerification),
                            {import_answer(kMaterial), description(kMaterial, "Enabled")});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.basis == Basis::kProviderStatement);
  CHECK(judged.findings.at(0).result == Result::kEqual);
  CHECK(judged.findings.at(1).result == Result::kNotProof);
}

TEST_CASE("The order of the files does not matter") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {description(kMaterial, "Enabled"), import_answer(kMaterial)}) == Verdict::kProven);
}

TEST_CASE("A first import proves nothing, whatever describe-key says") {
  CHECK(verdict(symmetric(Purpose::kImport),
                {import_answer(kMaterial), description(kMaterial, "Enabled")}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("A re-import alone, or describe-key alone, is no proof") {
  const Expected expected = symmetric(Purpose::kVerification);
  CHECK(verdict(expected, {import_answer(kMaterial)}) == Verdict::kConsistentNotProven);
  CHECK(verdict(expected, {description(kMaterial, "Enabled")}) == Verdict::kConsistentNotProven);
  CHECK(verdict(expected, {rotations(kMaterial, "CURRENT")}) == Verdict::kConsistentNotProven);
}

TEST_CASE("A key that holds other material now is different") {
  const auto judged = judge(symmetric(Purpose::kVerification),
                            {import_answer(kMaterial), description(kOtherMaterial, "Enabled")});
  CHECK(judged.verdict == Verdict::kDifferent);
  CHECK(judged.findings.front().reason.find(kOtherMaterial) != std::string::npos);
}

TEST_CASE("Material that waits for its rotation is no proof, and not different") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {import_answer(kMaterial), description(kOtherMaterial, "Enabled"),
                 rotations(kMaterial, "PENDING_ROTATION")}) == Verdict::kConsistentNotProven);
}

TEST_CASE("A key that waits for its material is no proof, though it names the material") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {import_answer(kMaterial), description(kMaterial, "PendingImport")}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("The id that the first import answered must come again") {
  Expected expected = symmetric(Purpose::kVerification);
  expected.key_material_id = kMaterial;
  CHECK(verdict(expected, {import_answer(kMaterial), description(kMaterial, "Enabled")}) ==
        Verdict::kProven);
  CHECK(verdict(expected, {import_answer(kOtherMaterial),
                           description(kOtherMaterial, "Enabled")}) == Verdict::kDifferent);
}

TEST_CASE("Answers about another KMS key are no proof and do not count for this one") {
  const Expected expected = symmetric(Purpose::kVerification);
  const std::string other =
      "arn:aws:kms:eu-central-1:111122223333:key/ffffffff-12ab-34cd-56ef-1234567890ab";
  CHECK(verdict(expected, {import_answer(kMaterial, other), description(kMaterial, "Enabled")}) ==
        Verdict::kConsistentNotProven);
  CHECK(verdict(expected,
                {import_answer(kMaterial), description(kMaterial, "Enabled", "EXTERNAL", other)}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("A key whose material AWS made is different") {
  CHECK(verdict(symmetric(Purpose::kImport), {description(kMaterial, "Enabled", "AWS_KMS")}) ==
        Verdict::kDifferent);
}

TEST_CASE(
    "IncorrectKeyMaterialException at a re-import is different, other messages are unreadable") {
  const std::string message =
      "\nAn error occurred (IncorrectKeyMaterialException) when calling the ImportKeyMaterial "
      "operation: The key material in the request is not the same\n";
  CHECK(judge_text(symmetric(Purpose::kVerification), message).verdict == Verdict::kDifferent);
  CHECK(refusal(symmetric(Purpose::kImport), bytes_of(message)) == "evidence-unreadable");
  const std::string expired =
      "An error occurred (ExpiredImportTokenException) when calling the ImportKeyMaterial "
      "operation: Token expired";
  CHECK(refusal(symmetric(Purpose::kVerification), bytes_of(expired)) == "evidence-unreadable");
}

TEST_CASE("A material id of another length is unreadable") {
  CHECK(refusal(symmetric(Purpose::kVerification), import_answer("abcd").content) ==
        "evidence-unreadable");
}

TEST_CASE("An import answer without a material id says nothing about which key") {
  const std::string answer = dump_json({{"KeyId", std::string(kAwsKey)}});
  CHECK(judge_text(symmetric(Purpose::kVerification), answer).verdict ==
        Verdict::kConsistentNotProven);
}

}  // namespace keyrite::test
