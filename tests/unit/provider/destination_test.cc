// Options resolved against parameters and key type: defaults, and each refusal by its code.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

template <class Options>
using Text = std::optional<std::string> Options::*;

Refusal aws_with(const std::vector<std::pair<Text<aws::ImportOptions>, std::string>>& values,
                 const std::string& type = "aes-256",
                 const std::string& algorithm = "RSAES_OAEP_SHA_256") {
  aws::ImportOptions options = aws_options(algorithm);
  for (const auto& [member, value] : values) options.*member = value;
  return refusal_of([&] { static_cast<void>(aws_destination(options, type)); });
}
Refusal azure_with(const std::function<void(azure::ImportOptions&)>& edit,
                   const std::string& type = "aes-256") {
  azure::ImportOptions options;
  edit(options);
  return refusal_of([&] { static_cast<void>(azure_destination(options, type)); });
}
Refusal google_with(Text<google::ImportOptions> member, const std::string& value,
                    const std::string& type = "aes-256") {
  google::ImportOptions options;
  options.*member = value;
  return refusal_of([&] { static_cast<void>(google_destination(options, type)); });
}
std::string name_of(const Destination& destination, std::string_view name) {
  const auto it = std::find_if(destination.names.begin(), destination.names.end(),
                               [&](const auto& pair) { return pair.first == name; });
  return it == destination.names.end() ? "" : it->second;
}

using Aws = aws::ImportOptions;
const std::string kMaterialId(64, 'a');

TEST_CASE(
    "AWS defaults: spec and usage by key type, material that does not expire, the ARN's Region") {
  const Destination destination = aws_destination();
  CHECK(destination.cloud_algorithm == "SYMMETRIC_DEFAULT");
  CHECK(destination.cloud_key ==
        "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
  CHECK(name_of(destination, "key_usage") == "ENCRYPT_DECRYPT");
  CHECK(name_of(destination, "expiration_model") == "KEY_MATERIAL_DOES_NOT_EXPIRE");
  CHECK(name_of(destination, "region") == "eu-central-1");
  CHECK(destination.use.operations == std::vector<std::string>{"ENCRYPT_DECRYPT"});
  CHECK(destination.unverified.empty());
  const Destination hmac = aws_destination(aws_options(), "generic-secret-64-bytes");
  CHECK(hmac.cloud_algorithm == "HMAC_512");
  CHECK(name_of(hmac, "key_usage") == "GENERATE_VERIFY_MAC");
}

TEST_CASE("AWS key specs and usages must fit the key") {
  CHECK(aws_with({{&Aws::key_spec, "HMAC_224"}}, "generic-secret-64-bytes").code.empty());
  CHECK(aws_with({{&Aws::key_spec, "HMAC_256"}}) == usage("cloud-type-not-for-key"));
  CHECK(aws_with({{&Aws::key_usage, "SIGN_VERIFY"}}) == usage("key-usage-not-for-key-spec"));
  CHECK(aws_with({{&Aws::key_usage, "KEY_AGREEMENT"}}, "ec-p256").code.empty());
  CHECK(aws_with({{&Aws::key_usage, "KEY_AGREEMENT"}}, "ec-secp256k1") ==
        usage("key-usage-not-for-key-spec"));
  CHECK(aws_with({}, "rsa-2048") == usage("algorithm-not-for-key-type"));
  CHECK(aws_with({}, "rsa-2048", "RSA_AES_KEY_WRAP_SHA_256").code.empty());
  CHECK(aws_with({}, "aes-256", "RSA_AES_KEY_WRAP_SHA_256") == usage("algorithm-unverified"));
  CHECK(aws_with({}, "aes-128") == usage("key-type-refused"));
}

TEST_CASE("AWS expiration model and valid-to belong together") {
  const auto* expires = "KEY_MATERIAL_EXPIRES";
  CHECK(aws_with({{&Aws::expiration_model, expires}}) == usage("valid-to-missing"));
  CHECK(aws_with({{&Aws::expiration_model, expires}, {&Aws::valid_to, "2027-02-13T12:00:00Z"}})
            .code.empty());
  CHECK(aws_with({{&Aws::valid_to, "2026-06-01T00:00:00Z"}}).code.empty());
  CHECK(aws_with({{&Aws::valid_to, "2027-02-13T12:00:01Z"}}) == usage("valid-to-too-far"));
  CHECK(aws_with({{&Aws::valid_to, "2026-02-13T12:00:00Z"}}) == usage("valid-to-past"));
  CHECK(aws_with({{&Aws::valid_to, "soon"}}) == config("not-a-time"));
  CHECK(aws_with({{&Aws::expiration_model, "KEY_MATERIAL_DOES_NOT_EXPIRE"},
                  {&Aws::valid_to, "2026-06-01T00:00:00Z"}}) == usage("valid-to-not-allowed"));
  CHECK(aws_with({{&Aws::expiration_model, "NEVER"}}) == usage("expiration-model-unknown"));
}

TEST_CASE("AWS import type, material id and description are for symmetric keys only") {
  CHECK(aws_with({{&Aws::import_type, "NEW_KEY_MATERIAL"}}).code.empty());
  CHECK(aws_with({{&Aws::import_type, "SOME"}}) == usage("import-type-unknown"));
  CHECK(aws_with({{&Aws::key_material_id, kMaterialId}}).code.empty());
  CHECK(aws_with({{&Aws::key_material_id, std::string(64, 'A')}}) ==
        usage("key-material-id-invalid"));
  CHECK(aws_with({{&Aws::key_material_id, std::string(63, 'a')}}) ==
        usage("key-material-id-invalid"));
  CHECK(aws_with({{&Aws::key_material_id, kMaterialId}, {&Aws::import_type, "NEW_KEY_MATERIAL"}}) ==
        usage("key-material-id-not-allowed"));
  CHECK(aws_with({{&Aws::key_material_description, "tenant acme: v3 /prod_1.0"}}).code.empty());
  for (const std::string& text : {std::string(), std::string("acme\tv3"), std::string(256, 'x')}) {
    CHECK(aws_with({{&Aws::key_material_description, text}}).code.empty());
  }
  for (const std::string& text :
       {std::string("it's"), std::string("a\nb"), std::string("-x"), std::string(257, 'x'),
        std::string("$(id)"), std::string("file:///etc/passwd")}) {
    CHECK(aws_with({{&Aws::key_material_description, text}}) ==
          usage("key-material-description-invalid"));
  }
  for (const auto& [member, value] :
       std::vector<std::pair<Text<Aws>, std::string>>{{&Aws::import_type, "NEW_KEY_MATERIAL"},
                                                      {&Aws::key_material_id, kMaterialId},
                                                      {&Aws::key_material_description, "text"}}) {
    CHECK(aws_with({{member, value}}, "ec-p256") == usage("import-option-not-for-key-type"));
    CHECK(aws_with({{member, value}}, "generic-secret-32-bytes") ==
          usage("import-option-not-for-key-type"));
  }
}

TEST_CASE("AWS Region and profile are of their form") {
  CHECK(aws_with({{&Aws::region, "eu-central-1"}}).code.empty());
  CHECK(aws_with({{&Aws::region, "us-east-1"}}) == usage("region-mismatch"));
  CHECK(aws_with({{&Aws::profile, "crypto officer's"}}).code.empty());
  CHECK(aws_with({{&Aws::profile, "--debug"}}) == usage("profile-invalid"));
  CHECK(aws_with({{&Aws::profile, "a\nb"}}) == usage("profile-invalid"));
  // An id says nothing of the Region, so --region stands alone.
  auto options = aws_options();
  const auto parameters =
      read(json_file(edited(
               "aws-v2.json",
               [](Json& document) { document["KeyId"] = "1234abcd-12ab-34cd-56ef-1234567890ab"; })),
           options);
  const auto refused_region = [&](const std::string& region) {
    options.region = region;
    return refusal_of([&] {
      static_cast<void>(
          resolve(parameters, options, parse_key_type("aes-256"), "label", Force::kNo, noon()));
    });
  };
  CHECK(refused_region("eu-central-1").code.empty());
  CHECK(refused_region("eu central 1") == usage("region-invalid"));
  CHECK(refused_region(std::string(33, 'a')) == usage("region-invalid"));
}

TEST_CASE("What a key may do in the token is what it does in the cloud, unless another is given") {
  const auto aws_usage = [](std::optional<KeyUsage> usage, const char* type,
                            const std::optional<std::string>& given = std::nullopt) {
    auto options = aws_options("RSA_AES_KEY_WRAP_SHA_256");
    options.key_usage = given;
    return resolve(read(json_file(sample("aws-v2.json")), options), options, parse_key_type(type),
                   "label", Force::kNo, noon(), usage);
  };
  CHECK(name_of(aws_usage(KeyUsage::kSign, "rsa-2048"), "key_usage") == "SIGN_VERIFY");
  CHECK(name_of(aws_usage(KeyUsage::kEncrypt, "rsa-2048"), "key_usage") == "ENCRYPT_DECRYPT");
  CHECK(name_of(aws_usage(std::nullopt, "rsa-2048"), "key_usage") == "ENCRYPT_DECRYPT");
  CHECK(name_of(aws_usage(KeyUsage::kDerive, "ec-p256"), "key_usage") == "KEY_AGREEMENT");
  CHECK(name_of(aws_usage(KeyUsage::kSign, "ec-p256"), "key_usage") == "SIGN_VERIFY");
  CHECK(aws_usage(KeyUsage::kSign, "rsa-2048").remarks.empty());
  const auto other = aws_usage(KeyUsage::kSign, "rsa-2048", "ENCRYPT_DECRYPT");
  CHECK(name_of(other, "key_usage") == "ENCRYPT_DECRYPT");
  CHECK(other.remarks.size() == 1);

  const auto google_type = [](std::optional<KeyUsage> usage,
                              const google::ImportOptions& options = {}) {
    return resolve(read(json_file(sample("google-job.json")), options), options,
                   parse_key_type("rsa-3072"), "label", Force::kNo, noon(), usage);
  };
  CHECK(google_type(KeyUsage::kSign).cloud_algorithm == "rsa-sign-pss-3072-sha256");
  CHECK(google_type(KeyUsage::kEncrypt).cloud_algorithm == "rsa-decrypt-oaep-3072-sha256");
  CHECK(google_type(KeyUsage::kSign).remarks.empty());
  google::ImportOptions options;
  options.algorithm = "rsa-decrypt-oaep-3072-sha1";
  CHECK(google_type(KeyUsage::kSign, options).remarks.size() == 1);
  options = {};
  options.purpose = "asymmetric-signing";
  CHECK(google_type(std::nullopt, options).cloud_algorithm == "rsa-sign-pss-3072-sha256");
}

TEST_CASE("The key of a job at level HSM is one that no attestation was judged for") {
  const std::vector<std::string> not_judged{"google-job-attestation-not-judged"};
  CHECK(google_destination().unverified == not_judged);
  const google::ImportOptions options;
  const auto of = [&](const std::function<void(Json&)>& edit) {
    return resolve(read(json_file(edited("google-job.json", edit)), options), options,
                   parse_key_type("aes-256"), "label", Force::kNo, noon())
        .unverified;
  };
  CHECK(of([](Json& job) { job.erase("attestation"); }) == not_judged);
  CHECK(of([](Json& job) { job["protectionLevel"] = "SOFTWARE"; }).empty());
}

TEST_CASE("Only AWS symmetric keys can be imported again for verification") {
  const auto refused = [](const Destination& destination) {
    return refusal_of([&] { check_purpose(destination, Purpose::kVerification); });
  };
  CHECK(refused(aws_destination()).code.empty());
  CHECK(refused(aws_destination(aws_options(), "generic-secret-32-bytes")) ==
        usage("reimport-not-for-key-type"));
  CHECK(refused(google_destination()) == usage("reimport-not-for-key-type"));
  check_purpose(google_destination(), Purpose::kImport);
}

TEST_CASE("Expired parameters resolve to nothing") {
  const auto parameters = read(json_file(sample("aws-v1.json")), aws_options());
  CHECK(refusal_of([&] {
          static_cast<void>(resolve(parameters, aws_options(), parse_key_type("aes-256"), "label",
                                    Force::kNo, noon()));
        }) == config("parameters-expired"));
}

TEST_CASE("Azure defaults: the label as name, every operation of the type, the store by the host") {
  const Destination destination = azure_destination();
  CHECK(destination.cloud_key == "https://acme-hsm.managedhsm.azure.net/keys/acme-payments");
  CHECK(destination.cloud_algorithm == "oct");
  CHECK(name_of(destination, "hsm") == "acme-hsm");
  CHECK(destination.use.operations ==
        std::vector<std::string>{"encrypt", "decrypt", "wrapKey", "unwrapKey"});
  const Destination ec = azure_destination({}, "ec-secp256k1", "azure-rest.json");
  CHECK(name_of(ec, "vault") == "acme");
  CHECK(name_of(ec, "curve") == "P-256K");
  CHECK(ec.use.operations == std::vector<std::string>{"sign", "verify"});
}

TEST_CASE("Azure key names, operations, tags and expiry are checked") {
  for (const char* name : {"", "a b", "-a", "a_b", "a'b", "a\nb", "$(id)"}) {
    CAPTURE(name);
    CHECK(azure_with([&](auto& options) { options.name = name; }) == usage("key-name-invalid"));
  }
  CHECK(azure_with([](auto& options) { options.name = std::string(128, 'a'); }) ==
        usage("key-name-invalid"));
  CHECK(azure_with([](auto& options) { options.ops = {"sign"}; }) ==
        usage("key-operation-not-for-key-type"));
  CHECK(azure_with(
            [](auto& options) {
              options.ops = {"encrypt", "sign"};
            },
            "rsa-2048")
            .code.empty());
  CHECK(azure_with([](auto& options) { options.ops = {"import"}; }, "rsa-2048") ==
        usage("key-operation-not-for-key-type"));
  CHECK(azure_with([](auto& options) { options.tags = {"owner=it's \"us\" $(id)"}; }).code.empty());
  CHECK(azure_with([](auto& options) { options.tags = {"=x"}; }) == usage("tag-invalid"));
  CHECK(azure_with([](auto& options) { options.tags = {"--debug"}; }) == usage("tag-invalid"));
  CHECK(azure_with([](auto& options) { options.tags = {"a=b\nc"}; }) == usage("tag-invalid"));
  // az reads a file where a word begins with @, in whatever quotes.
  CHECK(azure_with([](auto& options) { options.tags = {"@/etc/passwd"}; }) == usage("tag-invalid"));
  CHECK(azure_with([](auto& options) { options.expires = "2026-01-01T00:00:00Z"; }) ==
        usage("expires-past"));
}

TEST_CASE("Azure store: told by the host, else by the operator, never by both differently") {
  CHECK(azure_with([](auto& options) { options.store = "managed-hsm"; }).code.empty());
  CHECK(azure_with([](auto& options) { options.store = "vault"; }) == usage("store-unknown"));
  CHECK(azure_with([](auto& options) { options.store = "box"; }) == usage("store-unknown"));
  azure::ImportOptions options;
  ParameterFiles files;
  files.public_key = sample("rsa-3072.pem");
  options.kid = "https://keys.example.org/keys/KEK/0123";
  const auto parameters = read(files, options);
  const auto resolved = [&] {
    return refusal_of([&] {
      static_cast<void>(
          resolve(parameters, options, parse_key_type("rsa-2048"), "label", Force::kNo, noon()));
    });
  };
  CHECK(resolved() == usage("store-unknown"));
  options.store = "managed-hsm";
  CHECK(resolved().code.empty());
}

TEST_CASE("A secret key goes into an Azure vault by force only, and that is recorded") {
  CHECK(refusal_of([] {
          static_cast<void>(azure_destination({}, "aes-256", "azure-rest.json"));
        }) == usage("key-type-unverified"));
  const azure::ImportOptions options;
  const Destination forced = resolve(read(json_file(sample("azure-rest.json")), options), options,
                                     parse_key_type("aes-256"), "label", Force::kYes, noon());
  CHECK(forced.unverified == std::vector<std::string>{"azure-oct-key-in-vault"});
}

TEST_CASE("Google defaults: the label as name, algorithm and purpose by key type") {
  const Destination destination = google_destination();
  CHECK(destination.cloud_key ==
        "projects/acme-prod/locations/europe-west3/keyRings/payments/cryptoKeys/acme-payments");
  CHECK(destination.cloud_algorithm == "google-symmetric-encryption");
  CHECK(name_of(destination, "purpose") == "encryption");
  const Destination ec = google_destination({}, "ed25519");
  CHECK(ec.cloud_algorithm == "ec-sign-ed25519");
  CHECK(name_of(ec, "purpose") == "asymmetric-signing");
}

TEST_CASE("Google names, purposes, versions and delays are checked") {
  using Google = google::ImportOptions;
  for (const char* name : {"", "a b", "-a", "a.b", "a'b", "a\nb"}) {
    CHECK(google_with(&Google::key, name) == usage("key-name-invalid"));
  }
  CHECK(google_with(&Google::key, "a_b-C9").code.empty());
  CHECK(google_with(&Google::key, std::string(64, 'a')) == usage("key-name-invalid"));
  CHECK(google_with(&Google::purpose, "mac") == usage("purpose-not-for-algorithm"));
  CHECK(google_with(&Google::algorithm, "aes-256-cbc").code.empty());
  CHECK(google_with(&Google::algorithm, "aes-128-cbc") == usage("cloud-type-not-for-key"));
  CHECK(google_with(&Google::version, "3").code.empty());
  for (const char* version : {"0", "-1", "1x", "", "1 2"}) {
    CHECK(google_with(&Google::version, version) == usage("key-version-invalid"));
  }
  CHECK(google_with(&Google::destroy_scheduled_duration, "24h").code.empty());
  CHECK(google_with(&Google::destroy_scheduled_duration, "120d").code.empty());
  for (const char* duration : {"121d", "0h", "24", "h", "24h;id", "99999999999999999999d"}) {
    CHECK(google_with(&Google::destroy_scheduled_duration, duration) ==
          usage("destroy-duration-invalid"));
  }
  CHECK(google_with(&Google::key, "k", "ec-p521") == usage("key-type-refused"));
}

TEST_CASE("Google takes secp256k1 in an HSM only") {
  const google::ImportOptions options;
  const auto parameters =
      read(json_file(edited("google-job.json",
                            [](Json& document) { document["protectionLevel"] = "SOFTWARE"; })),
           options);
  CHECK(refusal_of([&] {
          static_cast<void>(resolve(parameters, options, parse_key_type("ec-secp256k1"), "label",
                                    Force::kNo, noon()));
        }) == usage("protection-level-not-for-key-type"));
  CHECK(google_destination({}, "ec-secp256k1").cloud_algorithm == "ec-sign-secp256k1-sha256");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
