// get-parameters-for-import as both generations of the aws client write it, and as separate files.
#include <doctest/doctest.h>

#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

constexpr const char* kArn =
    "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

Refusal refused(const ParameterFiles& files, const aws::ImportOptions& options = aws_options()) {
  return refusal_of([&] { static_cast<void>(read(files, options)); });
}

Refusal refused_edit(const std::function<void(Json&)>& edit,
                     const aws::ImportOptions& options = aws_options()) {
  return refused(json_file(edited("aws-v2.json", edit)), options);
}

Refusal refused_key(const std::string& public_key) {
  return refused_edit([&](Json& document) { document["PublicKey"] = public_key; });
}

ParameterFiles binary_files() {
  ParameterFiles files;
  files.public_key = InputFile{"wrappingKey", der("rsa-3072.pem")};
  files.import_token = InputFile{"importToken", Bytes(100, 0xfe)};
  return files;
}

aws::ImportOptions binary_options() {
  aws::ImportOptions options = aws_options();
  options.key_id = kArn;
  options.parameters_valid_to = "2026-02-13T18:39:25+01:00";
  return options;
}

TEST_CASE("The JSON of aws version 2 is read, its date with offset and microseconds") {
  const auto parameters = read(json_file(sample("aws-v2.json")), aws_options());
  CHECK(provider_of(parameters) == Provider::kAws);
  CHECK(wrapping_key(parameters).rsa_bits() == 4096);
  CHECK(wrapping_key(parameters).spki() == der("rsa-4096.pem"));
  CHECK(format_rfc3339(*valid_until(parameters)) == "2026-02-13T17:39:25Z");
  CHECK(std::get<aws::ImportParameters>(parameters).key_id == kArn);
  CHECK(std::get<aws::ImportParameters>(parameters).import_token.size() == 1500);
  CHECK(wrapping_algorithm(parameters).name() == "rsa-oaep-sha256");
}

TEST_CASE("The JSON of aws version 1 is read, its date in seconds since 1970") {
  const auto parameters = read(json_file(sample("aws-v1.json")), aws_options());
  CHECK(wrapping_key(parameters).rsa_bits() == 2048);
  CHECK(format_rfc3339(*valid_until(parameters)) == "2020-07-04T20:08:42Z");
}

TEST_CASE("Separate binary files are read with what the options say of them") {
  const auto parameters = read(binary_files(), binary_options());
  CHECK(wrapping_key(parameters).rsa_bits() == 3072);
  CHECK(format_rfc3339(*valid_until(parameters)) == "2026-02-13T17:39:25Z");
}

TEST_CASE("Separate binary files without their key, validity or other half are refused") {
  auto options = binary_options();
  options.key_id.reset();
  CHECK(refused(binary_files(), options) == usage("key-id-missing"));
  options = binary_options();
  options.parameters_valid_to.reset();
  CHECK(refused(binary_files(), options) == usage("parameters-validity-unknown"));
  auto files = binary_files();
  files.import_token.reset();
  CHECK(refused(files, binary_options()) == usage("parameters-missing"));
  CHECK(refused({}, binary_options()) == usage("parameters-missing"));
  files = binary_files();
  files.parameters = sample("aws-v2.json");
  CHECK(refused(files, binary_options()) == usage("parameters-given-twice"));
}

TEST_CASE("Text where separate files must be binary is refused with how to decode it") {
  auto files = binary_files();
  files.public_key = sample("rsa-3072.pem");
  CHECK(refused(files, binary_options()) == config("public-key-is-pem"));
  const std::string text = base64_der("rsa-3072.pem");
  files.public_key = InputFile{"key", Bytes(text.begin(), text.end())};
  CHECK(refused(files, binary_options()) == config("public-key-is-text"));
  files = binary_files();
  files.import_token = InputFile{"token", Bytes(200, 'A')};
  const Refusal refusal = refused(files, binary_options());
  CHECK(refusal == config("import-token-is-text"));
  CHECK(refusal.hint.find("openssl enc -d -base64") != std::string::npos);
}

TEST_CASE("An expired token is refused with its expiry and the clock") {
  const auto parameters = read(json_file(sample("aws-v2.json")), aws_options());
  CHECK(refusal_of([&] { check_time(parameters, noon()); }).code.empty());
  const auto late = parse_rfc3339("2026-02-13T17:39:26Z", "late");
  const Refusal refusal = refusal_of([&] { check_time(parameters, late); });
  CHECK(refusal == config("parameters-expired"));
  CHECK(refusal.message.find("2026-02-13T17:39:25Z") != std::string::npos);
  CHECK(refusal.message.find("2026-02-13T17:39:26Z") != std::string::npos);
}

TEST_CASE("A wrapping key that no cloud hands out is refused, each fault by its own name") {
  CHECK(refused_key(base64_der("ec-p256.pem")) == config("wrapping-key-not-rsa"));
  CHECK(refused_key(base64_der("rsa-2048-e3.pem")) == config("wrapping-key-exponent"));
  CHECK(refused_key(base64_der("rsa-1024.pem")) == config("wrapping-key-size"));
  CHECK(refused_key(as_text(sample("rsa-4096.pem").content)) == config("public-key-is-pem"));
  CHECK(refused_key("not base64!") == config("not-base64"));
  Bytes cut = der("rsa-4096.pem");
  cut.resize(cut.size() / 2);
  CHECK(refused_key(to_base64(cut)) == config("public-key-invalid"));
  CHECK(refused_key(to_base64(sample("rsa-4096.pem").content)) == config("public-key-is-pem"));
}

TEST_CASE("A key spec that the wrapping key has not is refused") {
  auto options = aws_options();
  options.wrapping_key_spec = "RSA_4096";
  CHECK(refused(json_file(sample("aws-v2.json")), options).code.empty());
  options.wrapping_key_spec = "RSA_2048";
  CHECK(refused(json_file(sample("aws-v2.json")), options) == config("wrapping-key-spec-mismatch"));
}

TEST_CASE("The wrapping algorithm must be named, and be one that AWS still takes") {
  const auto files = json_file(sample("aws-v2.json"));
  CHECK(refused(files, aws::ImportOptions{}) == usage("wrapping-algorithm-missing"));
  CHECK(refused(files, aws_options("RSAES_PKCS1_V1_5")) == usage("wrapping-algorithm-refused"));
  CHECK(refused(files, aws_options("SM2PKE")) == usage("wrapping-algorithm-refused"));
  CHECK(refused(files, aws_options("rot13")) == usage("wrapping-algorithm-unknown"));
  for (const char* name : {"RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256",
                           "RSA_AES_KEY_WRAP_SHA_1"}) {
    CHECK(aws::wrapping_algorithm_name(aws::parse_wrapping_algorithm(name)) == name);
  }
}

TEST_CASE("Parameters of another key than --key-id are refused") {
  auto options = aws_options();
  options.key_id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  CHECK(refused(json_file(sample("aws-v2.json")), options).code.empty());
  options.key_id = kArn;
  CHECK(refused(json_file(sample("aws-v2.json")), options).code.empty());
  options.key_id = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  CHECK(refused(json_file(sample("aws-v2.json")), options) == config("key-arn-mismatch"));
  options.key_id = "ffffabcd-12ab-34cd-56ef-1234567890ab";
  CHECK(refused(json_file(sample("aws-v2.json")), options) == config("key-arn-mismatch"));
}

TEST_CASE("Fields of the JSON that are missing, empty or of another form are refused") {
  for (const char* field : {"KeyId", "ImportToken", "PublicKey", "ParametersValidTo"}) {
    CAPTURE(field);
    CHECK(refused_edit([&](Json& document) { document.erase(field); }) ==
          config("json-missing-field"));
    CHECK(refused_edit([&](Json& document) { document[field] = true; }) ==
          config("json-wrong-type"));
  }
  CHECK(refused_edit([](Json& document) { document["ImportToken"] = ""; }) ==
        config("import-token-size"));
  CHECK(refused_edit([](Json& document) { document["ImportToken"] = to_base64(Bytes(6145, 1)); }) ==
        config("import-token-size"));
  CHECK(refused_edit([](Json& document) { document["ParametersValidTo"] = "tomorrow"; }) ==
        config("not-a-time"));
  CHECK(refused_edit([](Json& document) { document["KeyId"] = "--profile=other"; }) ==
        config("key-id-invalid"));
}

TEST_CASE(
    "Only a key id or a key ARN names the key of an import, no alias and nothing else of AWS") {
  const auto with_id = [](const char* id) {
    return refused_edit([&](Json& document) { document["KeyId"] = id; });
  };
  for (const char* id :
       {kArn, "1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab",
        "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"}) {
    CAPTURE(id);
    CHECK(with_id(id).code.empty());
  }
  for (const char* id :
       {"alias/payments", "alias:x$(id)", "arn:aws:kms:eu-central-1:111122223333:alias/payments",
        "arn:aws:s3:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-central-1:11112222:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-central-1:111122223333:key/",
        "arn:aws:kms:eu-central-1:111122223333:key/a/b", "arn:aws:kms:eu-central-1:111122223333",
        "arn:aws:kms:eu-central-1:111122223333:key/a:b", "1234/abcd"}) {
    CAPTURE(id);
    CHECK(with_id(id) == config("key-id-invalid"));
  }
  CHECK(with_id("alias/payments").hint.find("does not accept an alias") != std::string::npos);
  auto options = binary_options();
  options.key_id = "alias/payments";
  CHECK(refused(binary_files(), options) == config("key-id-invalid"));
}

TEST_CASE("AWS parameters that are valid longer than AWS makes them are refused") {
  const auto parameters = read(json_file(sample("aws-v2.json")), aws_options());
  // They expire within the second after 17:39:25; 24 hours and an hour before.
  const auto refused_at = [&](const char* now) {
    return refusal_of([&] { check_time(parameters, parse_rfc3339(now, "now")); });
  };
  CHECK(refused_at("2026-02-12T16:39:26Z").code.empty());
  const Refusal refusal = refused_at("2026-02-12T16:39:24Z");
  CHECK(refusal == config("parameters-valid-to-too-far"));
  CHECK(refusal.message.find("2026-02-12T16:39:24Z") != std::string::npos);
  CHECK(refusal.hint.find("clock") != std::string::npos);
}

TEST_CASE("A second set is of the same key and not the first set again") {
  const auto set = [](const char* key_id, std::uint8_t byte) {
    return read(json_file(edited("aws-v2.json",
                                 [&](Json& document) {
                                   document["KeyId"] = key_id;
                                   document["ImportToken"] = to_base64(Bytes(64, byte));
                                 })),
                aws_options());
  };
  const auto refused_pair = [](const ImportParameters& one, const ImportParameters& other) {
    return refusal_of([&] { check_verification_parameters(one, other); });
  };
  CHECK(refused_pair(set(kArn, 1), set(kArn, 2)).code.empty());
  CHECK(refused_pair(set(kArn, 1), set("1234abcd-12ab-34cd-56ef-1234567890ab", 2)).code.empty());
  CHECK(refused_pair(set(kArn, 1), set("ffffabcd-12ab-34cd-56ef-1234567890ab", 2)) ==
        config("verification-key-mismatch"));
  CHECK(refused_pair(set(kArn, 1), set(kArn, 1)) == config("verification-parameters-reused"));
  const auto google = read(json_file(sample("google-job.json")), google::ImportOptions{});
  CHECK(refused_pair(google, google) == usage("verification-not-for-provider"));
}

TEST_CASE("A validity that contradicts the file is refused") {
  auto options = aws_options();
  options.parameters_valid_to = "2026-02-13T17:39:25Z";
  CHECK(refused(json_file(sample("aws-v2.json")), options).code.empty());
  options.parameters_valid_to = "2026-02-14T17:39:25Z";
  CHECK(refused(json_file(sample("aws-v2.json")), options) ==
        config("parameters-valid-to-differs"));
}

TEST_CASE("What is recorded of AWS parameters names the key and the digests, not the token") {
  const auto parameters = read(json_file(sample("aws-v2.json")), aws_options());
  const Json recorded = to_json(parameters);
  CHECK(recorded.at("key_id") == kArn);
  CHECK(recorded.at("wrapping_algorithm") == "RSAES_OAEP_SHA_256");
  CHECK(recorded.at("wrapping_key_spec") == "RSA_4096");
  CHECK(recorded.at("wrapping_key_sha256") == wrapping_key(parameters).sha256());
  CHECK(recorded.at("import_token_sha256").get<std::string>().size() == 64);
  CHECK(recorded.dump().size() < 600);
  CHECK(describe(parameters).size() == 5);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
