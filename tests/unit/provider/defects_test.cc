// What no caller in the house does: each is a defect, found before anything is written.
#include <doctest/doctest.h>

#include "provider/answer_record.h"
#include "provider/aws/reimport.h"
#include "provider/azure/byok.h"
#include "provider/commands.h"
#include "provider/import_target.h"
#include "provider/refusal.h"
#include "provider/rules.h"
#include "provider/wrapping_key_file.h"
#include "unit/provider/evidence_fixture.h"
#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Refusal defect(std::string code) { return {std::move(code), Kind::kInternal, {}, {}}; }

Json recorded_refusal() {
  return {{"format", "keyrite-refusal"},
          {"version", 1},
          {"asked", "2026-02-13T12:00:00Z"},
          {"question", "aes-cbc"},
          {"key", "k"},
          {"challenge_sha256", std::string(64, '0')},
          {"message", "no"}};
}

Refusal refused_record(const char* field, const Json& value) {
  Json document = recorded_refusal();
  document[field] = value;
  return refusal_of([&] { static_cast<void>(read_refusal(JsonView(document, "record"))); });
}

TEST_CASE("A cloud outside of the table of clouds is a defect") {
  CHECK(refusal_of([] { static_cast<void>(provider_title(static_cast<Provider>(99))); }) ==
        defect("value-outside-table"));
}

TEST_CASE("Parameters of one cloud and options of another are a defect") {
  const auto aws = aws_destination();
  const ImportOptions google = provider::google::ImportOptions{};
  CHECK(refusal_of([&] {
          static_cast<void>(resolve(aws.parameters, google, parse_key_type("aes-256"), "acme",
                                    Force::kNo, noon()));
        }) == defect("provider-mixed"));
  CHECK(refusal_of([&] {
          static_cast<void>(import_target(aws.parameters, google, std::nullopt));
        }) == defect("options-provider"));
}

TEST_CASE("A key whose PKCS#8 has no known length is a defect") {
  CHECK(refusal_of([] {
          static_cast<void>(plaintext_bytes({KeyFamily::kRsa, 1024}));
        }) == defect("key-type-size"));
}

TEST_CASE("A challenge that no command asks is a defect") {
  CHECK(refusal_of([] { no_command(ChallengeSpec{}); }) == defect("challenge-without-command"));
}

TEST_CASE("A .byok file with a member more, less or changed is refused") {
  const auto files = lay_out(azure_destination(), blob_for(azure_destination()), "keyrite test");
  const Bytes written = files.front().content;
  CHECK(provider::azure::read_byok(written, "k.byok").kid.starts_with("https://"));
  const auto refused = [&](const std::function<void(Json&)>& edit) {
    Json document = parse_json(written, "k.byok");
    edit(document);
    const std::string text = dump_json(document);
    return refusal_of(
        [&] { static_cast<void>(provider::azure::read_byok(as_bytes(text), "k.byok")); });
  };
  CHECK(refused([](Json& byok) { byok["more"] = 1; }) == config("byok-invalid"));
  CHECK(refused([](Json& byok) { byok["header"]["alg"] = "none"; }) == config("byok-invalid"));
  CHECK(refused([](Json& byok) { byok["schema_version"] = "2.0.0"; }) == config("byok-invalid"));
}

TEST_CASE("A record of a refusal with another form is refused by its own codes") {
  const Json good = recorded_refusal();
  CHECK(read_refusal(JsonView(good, "record")).question == "aes-cbc");
  CHECK(refused_record("format", "keyrite-answers") == config("refusal-format"));
  CHECK(refused_record("version", 2) == config("refusal-version"));
  CHECK(refused_record("more", 1) == config("refusal-unknown-field"));
  CHECK(refused_record("challenge_sha256", "00") == config("refusal-invalid"));
}

TEST_CASE("A record that is none of its kind is refused by its own code") {
  const Expected expected;
  Origins origins;
  const JsonEvidence answers{.file = "answer-record.json", .document = recorded_refusal()};
  CHECK(read_record(expected, answers, origins).code == "answers-format");
  CHECK(origins.empty());
  const JsonEvidence reimport{.file = "answer-reimport.json", .document = recorded_refusal()};
  const provider::aws::MaterialStates states;
  CHECK(refusal_of([&] {
          static_cast<void>(provider::aws::judge_reimport({&expected, reimport.file, "record", {}},
                                                          reimport.view(), states));
        }) == config("reimport-format"));
}

TEST_CASE("JSON without a wrapping key is refused") {
  CHECK(refusal_of([] {
          static_cast<void>(read_wrapping_key({"job.json", bytes_of(R"({"name": "j"})")}));
        }) == config("wrapping-key-missing"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
