// What a key serves at a provider, before anybody has import parameters.
#include "provider/key_place.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "support/failure.h"
#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

const TimePoint kNow = parse_rfc3339("2026-03-01T10:00:00Z", "now");
const KeyType kAes = parse_key_type("aes-256");

aws::ImportOptions aws_oaep() { return {.wrapping_algorithm = "RSAES_OAEP_SHA_256"}; }
PlaceWords alias_words() {
  return {.name = "alias/acme", .account = "111122223333", .region = "eu-central-1"};
}
std::string refused(const PlaceWords& words, const ImportOptions& options,
                    const KeyType& type = kAes, Force force = Force::kNo) {
  return failure_of([&] { static_cast<void>(make_place(words, options, type, force, kNow)); }).code;
}

TEST_CASE("AWS: an alias with account and Region, or an ARN that has both") {
  const auto declared = make_place(alias_words(), aws_oaep(), kAes, Force::kNo, kNow);
  CHECK(declared.region_declared);
  CHECK(declared.algorithm.name() == "rsa-oaep-sha256");
  const PlaceWords arn{.name =
                           "arn:aws-cn:kms:cn-north-1:111122223333:key/"
                           "1234abcd-12ab-34cd-56ef-1234567890ab"};
  const auto known = make_place(arn, aws_oaep(), kAes, Force::kNo, kNow);
  CHECK_FALSE(known.region_declared);
  CHECK(known.region == "cn-north-1");
  CHECK(known.name == "1234abcd-12ab-34cd-56ef-1234567890ab");
  for (const char* name : {"acme", "alias/", "alias/a b", "alias/aws/s3", "-alias", "@file",
                           "arn:aws:s3:eu-west-1:111122223333:alias/a", "arn:aws:kms:eu-west-1"})
    CHECK_MESSAGE(refused({.name = name, .account = "111122223333", .region = "eu-west-1"},
                          aws_oaep()) == "key-name-invalid",
                  name);
  auto words = alias_words();
  words.account = "11112222333";
  CHECK(refused(words, aws_oaep()) == "account-invalid");
  CHECK(refused({.name = "alias/a", .account = "111122223333"}, aws_oaep()) ==
        "destination-incomplete");
  CHECK(refused({.name = "arn:aws:kms:eu-west-1:111122223333:alias/a", .account = "999922223333"},
                aws_oaep()) == "identifier-mismatch");
}

TEST_CASE("AWS: a replica is elsewhere than its primary key, and is none") {
  auto options = aws_oaep();
  options.replica_of = "eu-west-1";
  CHECK(refused(alias_words(), options) == "no error");
  options.multi_region = true;
  CHECK(refused(alias_words(), options) == "replica-place");
  options.multi_region = false;
  options.replica_of = "EU-central-1";
  CHECK(refused(alias_words(), options) == "replica-place");
  options.replica_of.reset();
  options.multi_region = true;
  CHECK(refused(alias_words(), options) == "no error");
  const Json stored = stored_options(options);
  CHECK(stored["multi-region"] == true);
  CHECK(stored_options(read_stored_options(Provider::kAws, JsonView(stored, "o"))) == stored);
}

TEST_CASE("Options are those of wrap-for-import, refused by the same rules") {
  auto options = aws_oaep();
  options.wrapping_key_spec = "RSA_1024";
  CHECK(refused(alias_words(), options) == "wrapping-key-bits");
  options = aws_oaep();
  options.expiration_model = "KEY_MATERIAL_EXPIRES";
  CHECK(refused(alias_words(), options) == "valid-to-missing");
  options = aws_oaep();
  options.key_usage = "SIGN_VERIFY";
  CHECK(refused(alias_words(), options) == "key-usage-not-for-key-spec");
  CHECK(refused(alias_words(), aws_oaep(), parse_key_type("rsa-2048")) ==
        "algorithm-not-for-key-type");
  const PlaceWords ring{
      .name = "k", .account = "p-1", .container = "ring", .region = "europe-west3"};
  CHECK(refused(ring, google::ImportOptions{.import_method = "rsa-oaep-4096-sha256",
                                            .purpose = "asymmetric-signing"}) ==
        "purpose-not-for-algorithm");
  const PlaceWords vault{.name = "k", .container = "acme.vault.azure.net", .region = "westeurope"};
  // No documentation says that a vault takes a secret key.
  CHECK(refused(vault, azure::ImportOptions{}) == "key-type-unverified");
  CHECK(refused(vault, azure::ImportOptions{}, kAes, Force::kYes) == "no error");
  const PlaceWords elsewhere{.name = "k", .container = "hsm.example", .region = "westeurope"};
  CHECK(refused(elsewhere, azure::ImportOptions{}) == "store-unknown");
}

TEST_CASE("Google: the location is a part of the name, whoever says it") {
  const google::ImportOptions options{.import_method = "rsa-oaep-4096-sha256-aes-256"};
  const PlaceWords apart{
      .name = "k", .account = "p-1", .container = "ring", .region = "europe-west3"};
  const PlaceWords whole{.name = "projects/p-1/locations/europe-west3/keyRings/ring/cryptoKeys/k"};
  for (const auto& words : {apart, whole}) {
    const auto place = make_place(words, options, kAes, Force::kNo, kNow);
    CHECK_FALSE(place.region_declared);
    CHECK(place.account == "p-1");
    CHECK(place.container == "ring");
    CHECK(place.name == "k");
  }
  for (const char* name : {"projects/p-1/keyRings/r", "k/v",
                           "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"})
    CHECK_MESSAGE(refused({.name = name, .account = {}, .container = {}, .region = {}}, options) !=
                      "no error",
                  name);
}

TEST_CASE("Options are kept by their names, and what a cloud does not have is refused") {
  azure::ImportOptions options{.store = "managed-hsm", .ops = {"wrapKey"}, .tags = {"a=b"}};
  options.kid = "https://acme.managedhsm.azure.net/keys/kek/1";  // of one import alone
  const Json stored = stored_options(options);
  CHECK(stored == Json{{"store", "managed-hsm"}, {"ops", {"wrapKey"}}, {"tags", {"a=b"}}});
  CHECK(stored_options(read_stored_options(Provider::kAzure, JsonView(stored, "o"))) == stored);
  const auto code = [&](Provider provider, const Json& json) {
    return failure_of(
               [&] { static_cast<void>(read_stored_options(provider, JsonView(json, "o"))); })
        .code;
  };
  CHECK(code(Provider::kAws, stored) == "option-not-for-provider");
  CHECK(code(Provider::kGoogle, Json{{"keep-primary", "yes"}}) == "json-wrong-type");
  CHECK(code(Provider::kAws, Json::array()) == "json-wrong-type");
}

TEST_CASE("Import parameters are of the place, or they are refused") {
  auto place = make_place(alias_words(), aws_oaep(), kAes, Force::kNo, kNow);
  const auto refused_place = [](const ImportParameters& parameters, const KeyPlace& of) {
    return refusal_of([&] { require_place(parameters, of); });
  };
  const auto parameters = aws_destination().parameters;
  CHECK(refused_place(parameters, place).code.empty());
  CHECK(std::get<aws::ImportOptions>(import_options(place)).region == "eu-central-1");
  place.account = "999922223333";
  CHECK(refused_place(parameters, place) == config("parameters-of-other-place"));
  place.account = "111122223333";
  place.region = "eu-west-1";
  CHECK(refused_place(parameters, place) == config("parameters-of-other-place"));
  place.region = "eu-central-1";
  place.name = "ffffffff-12ab-34cd-56ef-1234567890ab";
  CHECK(refused_place(parameters, place) == config("parameters-of-other-place"));

  const auto azure = azure_destination();
  const auto& kid = std::get<azure::ImportParameters>(azure.parameters).kid;
  KeyPlace vault{.container = kid.host, .name = "pay", .options = azure::ImportOptions{}};
  CHECK(refused_place(azure.parameters, vault).code.empty());
  CHECK(std::get<azure::ImportOptions>(import_options(vault)).name == "pay");
  vault.container = "other.vault.azure.net";
  CHECK(refused_place(azure.parameters, vault) == config("parameters-of-other-place"));

  const auto google = google_destination();
  const auto& job = std::get<google::ImportParameters>(google.parameters).job;
  KeyPlace ring{.account = job.project,
                .container = job.keyring,
                .name = "pay",
                .region = job.location,
                .options = google::ImportOptions{}};
  CHECK(refused_place(google.parameters, ring).code.empty());
  CHECK(std::get<google::ImportOptions>(import_options(ring)).key == "pay");
  ring.region = "elsewhere";
  CHECK(refused_place(google.parameters, ring) == config("parameters-of-other-place"));
}

TEST_CASE("An import may say what its place leaves open, and nothing else than the place") {
  const auto place = make_place(alias_words(), aws_oaep(), kAes, Force::kNo, kNow);
  aws::ImportOptions given{.key_id = "arn:x", .region = "EU-central-1", .profile = "hsm"};
  const auto options = std::get<aws::ImportOptions>(import_options(place, given));
  CHECK(options.wrapping_algorithm == aws_oaep().wrapping_algorithm);
  CHECK(options.region == "eu-central-1");
  CHECK(options.profile == "hsm");
  CHECK(options.key_id == "arn:x");
  const auto refused_options = [](const KeyPlace& of, const ImportOptions& options_given) {
    return refusal_of([&] { static_cast<void>(import_options(of, options_given)); });
  };
  const auto other = usage("option-not-of-destination");
  given.region = "eu-west-1";
  CHECK(refused_options(place, given) == other);
  CHECK(refused_options(place, aws::ImportOptions{.wrapping_algorithm = "RSAES_OAEP_SHA_1"}) ==
        other);
  KeyPlace vault{.name = "pay", .options = azure::ImportOptions{.ops = {"wrapKey"}}};
  CHECK(refused_options(vault, azure::ImportOptions{.name = "other"}) == other);
  CHECK(refused_options(vault, azure::ImportOptions{.ops = {"encrypt"}}) == other);
  CHECK(std::get<azure::ImportOptions>(import_options(vault, azure::ImportOptions{})).ops ==
        std::vector<std::string>{"wrapKey"});
  KeyPlace ring{.name = "pay", .options = google::ImportOptions{.keep_primary = true}};
  CHECK(refused_options(ring, google::ImportOptions{.key = "other"}) == other);
  CHECK(
      std::get<google::ImportOptions>(import_options(ring, google::ImportOptions{})).keep_primary);
}

TEST_CASE("A region is known where the identifier of the parameters has it") {
  CHECK(region_in(aws_destination().parameters) == "eu-central-1");
  CHECK_FALSE(region_in(azure_destination().parameters));
  const auto google = google_destination();
  CHECK(region_in(google.parameters) ==
        std::get<google::ImportParameters>(google.parameters).job.location);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
