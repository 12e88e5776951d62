// What AWS says about imported symmetric material: the re-import of the same bytes.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

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

// By sha256sum, of the challenge above.
const std::string kChallengeSha256 =
    "72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793";

// As import.sh of the verification bundle writes it.
Json record_of(const std::string& material, const std::string& asked,
               const std::string& key = std::string(kAwsKey)) {
  return {{"format", "keyrite-reimport"},
          {"version", 1},
          {"import_type", "EXISTING_KEY_MATERIAL"},
          {"key_material_id", asked},
          {"challenge_sha256", kChallengeSha256},
          {"answer", {{"KeyId", key}, {"KeyMaterialId", material}}}};
}

InputFile record(const Json& document) {
  return {"answer-reimport.json", bytes_of(dump_json(document))};
}

InputFile reimport(const std::string& material, const std::string& key = std::string(kAwsKey)) {
  return record(record_of(material, material, key));
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

TEST_CASE("A first import proves nothing and the way to a proof is one that the key type has") {
  Expected expected = symmetric(Purpose::kImport);
  const auto of_aes = judge(expected, {import_answer(kMaterial)});
  CHECK(of_aes.verdict == Verdict::kConsistentNotProven);
  CHECK(of_aes.findings.at(0).reason ==
        "AWS accepted the import, but it accepts any key at the first import. Re-import the "
        "same key from a verification bundle");
  // AWS imports no HMAC material a second time, so there is no verification bundle for it.
  expected.key_type = {KeyFamily::kGenericSecret, 32};
  expected.cloud_algorithm = "HMAC_256";
  CHECK(judge(expected, {import_answer(kMaterial)}).findings.at(0).reason ==
        "AWS accepted the import, but it accepts any key at the first import. The answers "
        "to the challenges decide");
}

TEST_CASE("A re-import of the material that the key holds now proves it, by provider statement") {
  const auto judged = judge(symmetric(Purpose::kVerification),
                            {reimport(kMaterial), description(kMaterial, "Enabled")});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.basis == Basis::kProviderStatement);
  CHECK(judged.findings.at(0).result == Result::kEqual);
  CHECK(judged.findings.at(1).result == Result::kNotProof);
}

TEST_CASE("The order of the files does not matter") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {description(kMaterial, "Enabled"), reimport(kMaterial)}) == Verdict::kProven);
}

TEST_CASE("A first import proves nothing, whatever describe-key says") {
  CHECK(verdict(symmetric(Purpose::kImport),
                {import_answer(kMaterial), description(kMaterial, "Enabled")}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("A re-import alone, or describe-key alone, is no proof") {
  const Expected expected = symmetric(Purpose::kVerification);
  CHECK(verdict(expected, {reimport(kMaterial)}) == Verdict::kConsistentNotProven);
  CHECK(verdict(expected, {description(kMaterial, "Enabled")}) == Verdict::kConsistentNotProven);
  CHECK(verdict(expected, {rotations(kMaterial, "CURRENT")}) == Verdict::kConsistentNotProven);
}

TEST_CASE("A key that holds other material now is different") {
  const auto judged = judge(symmetric(Purpose::kVerification),
                            {reimport(kMaterial), description(kOtherMaterial, "Enabled"),
                             rotations(kOtherMaterial, "CURRENT")});
  CHECK(judged.verdict == Verdict::kDifferent);
  CHECK(judged.findings.front().reason.find(kOtherMaterial) != std::string::npos);
}

// import.sh goes on where list-key-rotations fails, and the material may wait for its rotation.
TEST_CASE("Other material in the key is not different without the list that shows what waits") {
  const std::vector<InputFile> files{reimport(kMaterial), description(kOtherMaterial, "Enabled")};
  const auto judged = judge(symmetric(Purpose::kVerification), files);
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.front().reason.find("list-key-rotations") != std::string::npos);
  for (const auto& list : {rotations(kOtherMaterial, "NON_CURRENT"), rotations("c", "CURRENT")}) {
    CHECK(verdict(symmetric(Purpose::kVerification), {files[0], files[1], list}) ==
          Verdict::kConsistentNotProven);
  }
}

TEST_CASE("Material that waits for its rotation is no proof, and not different") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {reimport(kMaterial), description(kOtherMaterial, "Enabled"),
                 rotations(kMaterial, "PENDING_ROTATION")}) == Verdict::kConsistentNotProven);
}

TEST_CASE("While material waits, the version is that of the import, not the one in use") {
  const auto version = [](const std::string& state) {
    return judge(symmetric(Purpose::kImport),
                 {import_answer(kMaterial), description(kOtherMaterial, "Enabled"),
                  rotations(kMaterial, state)})
        .version;
  };
  CHECK(version("PENDING_ROTATION") == kMaterial);
  CHECK(version("NON_CURRENT").empty());
}

TEST_CASE("A key that waits for its material is no proof, though it names the material") {
  CHECK(verdict(symmetric(Purpose::kVerification),
                {reimport(kMaterial), description(kMaterial, "PendingImport")}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("The id that the first import answered must come again") {
  Expected expected = symmetric(Purpose::kVerification);
  expected.key_material_id = kMaterial;
  CHECK(verdict(expected, {reimport(kMaterial), description(kMaterial, "Enabled")}) ==
        Verdict::kProven);
  CHECK(verdict(expected, {reimport(kOtherMaterial), description(kOtherMaterial, "Enabled")}) ==
        Verdict::kDifferent);
}

TEST_CASE("Answers about another KMS key are no proof and do not count for this one") {
  const Expected expected = symmetric(Purpose::kVerification);
  const std::string other =
      "arn:aws:kms:eu-central-1:111122223333:key/ffffffff-12ab-34cd-56ef-1234567890ab";
  CHECK(verdict(expected, {reimport(kMaterial, other), description(kMaterial, "Enabled")}) ==
        Verdict::kConsistentNotProven);
  CHECK(verdict(expected,
                {reimport(kMaterial), description(kMaterial, "Enabled", "EXTERNAL", other)}) ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("A bare import answer is no proof of a re-import, and the reason says what is") {
  const auto judged = judge(symmetric(Purpose::kVerification),
                            {import_answer(kMaterial), description(kMaterial, "Enabled")});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.at(0).result == Result::kNotProof);
  CHECK(judged.findings.at(0).reason.find("answer-reimport.json") != std::string::npos);
}

TEST_CASE("A record of another bundle, another import type or of a first import is no proof") {
  const auto of = [](const char* field, const Json& value) {
    Json document = record_of(kMaterial, kMaterial);
    document[field] = value;
    const auto judged = judge(symmetric(Purpose::kVerification),
                              {record(document), description(kMaterial, "Enabled")});
    CHECK(judged.verdict == Verdict::kConsistentNotProven);
    return judged.findings.at(0).reason;
  };
  CHECK(of("challenge_sha256", std::string(64, '0')).find("a different bundle") !=
        std::string::npos);
  CHECK(of("import_type", "NEW_KEY_MATERIAL").find("NEW_KEY_MATERIAL") != std::string::npos);
  const auto judged =
      judge(symmetric(Purpose::kImport), {reimport(kMaterial), description(kMaterial, "Enabled")});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("An answer that names another material than was asked for is different") {
  CHECK(verdict(symmetric(Purpose::kVerification), {record(record_of(kOtherMaterial, kMaterial)),
                                                    description(kOtherMaterial, "Enabled")}) ==
        Verdict::kDifferent);
}

TEST_CASE("A record with a field more, less or of another form is unreadable, by its own codes") {
  const auto code = [](const char* field, const Json& value) {
    Json document = record_of(kMaterial, kMaterial);
    document[field] = value;
    const auto judged = judge(symmetric(Purpose::kVerification),
                              {record(document), description(kMaterial, "Enabled")});
    CHECK(judged.verdict == Verdict::kConsistentNotProven);
    CHECK(judged.findings.at(0).result == Result::kUnreadable);
    return judged.findings.at(0).code;
  };
  CHECK(code("version", 3) == "reimport-version");
  CHECK(code("version", 2) == "json-missing-field");
  CHECK(code("more", 1) == "reimport-unknown-field");
  CHECK(code("key_material_id", "abcd") == "reimport-invalid");
  CHECK(code("answer", Json{{"KeyId", std::string(kAwsKey)}, {"Mac", "AAAA"}}) ==
        "reimport-invalid");
  CHECK(code("answer", nullptr) == "json-missing-field");
}

TEST_CASE("Answers of describe-key that disagree prove nothing, whatever their order") {
  const InputFile good = description(kMaterial, "Enabled");
  for (const InputFile& other :
       {description(kOtherMaterial, "Enabled"), description(kMaterial, "Disabled"),
        description(kMaterial, "PendingImport")}) {
    std::vector<InputFile> files{reimport(kMaterial), good, other};
    std::vector<std::size_t> order{0, 1, 2};
    do {
      const auto judged = judge(symmetric(Purpose::kVerification),
                                {files[order[0]], files[order[1]], files[order[2]]});
      CHECK(judged.verdict == Verdict::kConsistentNotProven);
      for (std::size_t i = 0; i < 3; ++i) {
        CHECK(judged.findings[i].result ==
              (order[i] == 0 ? Result::kNotProof : Result::kContradicts));
      }
    } while (std::next_permutation(order.begin(), order.end()));
  }
  CHECK(verdict(symmetric(Purpose::kVerification), {reimport(kMaterial), good, good}) ==
        Verdict::kProven);
}

// Clients of before June 2025 leave out what they do not know.
TEST_CASE("An answer of describe-key that names no material is no proof, and never different") {
  Json metadata = parse_json(description(kMaterial, "Enabled").content, "describe.json");
  metadata["KeyMetadata"].erase("CurrentKeyMaterialId");
  const InputFile old_client{"old.json", bytes_of(dump_json(metadata))};
  const auto judged = judge(symmetric(Purpose::kVerification), {reimport(kMaterial), old_client});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.at(0).result == Result::kNotProof);
  CHECK(judged.findings.at(0).reason.find("June 2025") != std::string::npos);
  for (const std::string& material : {kMaterial, kOtherMaterial}) {
    const InputFile named = description(material, "Enabled");
    const InputFile list = rotations(material, "CURRENT");
    const auto due = material == kMaterial ? Verdict::kProven : Verdict::kDifferent;
    CHECK(verdict(symmetric(Purpose::kVerification),
                  {reimport(kMaterial), old_client, named, list}) == due);
    CHECK(verdict(symmetric(Purpose::kVerification),
                  {reimport(kMaterial), named, old_client, list}) == due);
  }
}

TEST_CASE("A material that is current by one answer and not by the other proves nothing") {
  for (const std::string state : {"NON_CURRENT", "PENDING_ROTATION"}) {
    CHECK(verdict(symmetric(Purpose::kVerification),
                  {reimport(kMaterial), description(kMaterial, "Enabled"),
                   rotations(kMaterial, state)}) == Verdict::kConsistentNotProven);
  }
  CHECK(verdict(symmetric(Purpose::kVerification),
                {reimport(kMaterial), description(kMaterial, "Enabled"),
                 rotations(kMaterial, "CURRENT")}) == Verdict::kProven);
}

TEST_CASE("A key whose material AWS made is different") {
  CHECK(verdict(symmetric(Purpose::kImport), {description(kMaterial, "Enabled", "AWS_KMS")}) ==
        Verdict::kDifferent);
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

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
