// key show and key create of az, the REST form, and PEM files.
#include <doctest/doctest.h>

#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

constexpr const char* kKid =
    "https://acme-hsm.managedhsm.azure.net/keys/KEKforBYOK/0123456789abcdef0123456789abcdef";

Refusal refused(const ParameterFiles& files, const azure::ImportOptions& options = {}) {
  return refusal_of([&] { static_cast<void>(read(files, options)); });
}
Refusal refused_edit(const std::function<void(Json&)>& edit) {
  return refused(json_file(edited("azure-az.json", edit)));
}
ParameterFiles pem_file(const std::string& name = "rsa-3072.pem") {
  ParameterFiles files;
  files.public_key = sample(name);
  return files;
}
azure::ImportOptions with_kid(std::string kid) {
  azure::ImportOptions options;
  options.kid = std::move(kid);
  return options;
}

TEST_CASE("The JSON of az is read: padded base64, keyOps, ISO dates") {
  const auto parameters = read(json_file(sample("azure-az.json")), azure::ImportOptions{});
  CHECK(wrapping_key(parameters).spki() == der("rsa-4096.pem"));
  CHECK(std::get<azure::ImportParameters>(parameters).kid.text() == kKid);
  CHECK(std::get<azure::ImportParameters>(parameters).kid.store_name() == "acme-hsm");
  CHECK(format_rfc3339(*valid_until(parameters)) == "2026-12-31T00:00:00Z");
  CHECK(wrapping_algorithm(parameters).name() == "rsa-aes-key-wrap-sha1");
}

TEST_CASE("The JSON of the REST interface is read: base64url, key_ops, seconds since 1970") {
  const auto parameters = read(json_file(sample("azure-rest.json")), azure::ImportOptions{});
  CHECK(wrapping_key(parameters).spki() == der("rsa-3072.pem"));
  CHECK(format_rfc3339(*valid_until(parameters)) == "2026-12-31T00:00:00Z");
}

TEST_CASE("A PEM or DER file with --kid is read, and says that its operations were not seen") {
  const auto parameters = read(pem_file(), with_kid(kKid));
  CHECK(wrapping_key(parameters).spki() == der("rsa-3072.pem"));
  CHECK_FALSE(valid_until(parameters));
  CHECK(to_json(parameters).at("operations_seen") == false);
  ParameterFiles files;
  files.public_key = InputFile{"kek.der", der("rsa-2048.pem")};
  CHECK(wrapping_key(read(files, with_kid(kKid))).rsa_bits() == 2048);
  CHECK(refused(pem_file()) == usage("kid-missing"));
  CHECK(refused(ParameterFiles{}) == usage("parameters-missing"));
}

TEST_CASE("Truncated PEM is refused, also beside the JSON") {
  Bytes pem = sample("rsa-3072.pem").content;
  pem.resize(pem.size() / 2);
  ParameterFiles files;
  files.public_key = InputFile{"cut.pem", pem};
  CHECK(refused(files, with_kid(kKid)) == config("public-key-invalid"));
  files.parameters = sample("azure-rest.json");
  CHECK(refused(files) == config("public-key-invalid"));
}

TEST_CASE("A PEM file in the place of the JSON is sent to the option that takes it") {
  CHECK(refused(json_file(sample("rsa-3072.pem"))) == Refusal{"parameters-are-pem", Kind::kUsage});
}

TEST_CASE("Two forms of the wrapping key must agree") {
  auto files = json_file(sample("azure-az.json"));
  files.public_key = sample("rsa-4096.pem");
  CHECK(refused(files).code.empty());
  files.public_key = sample("rsa-3072.pem");
  CHECK(refused(files) == config("wrapping-key-mismatch"));
  CHECK(refused(json_file(sample("azure-az.json")), with_kid(kKid)).code.empty());
  CHECK(refused(json_file(sample("azure-az.json")),
                with_kid("https://acme-hsm.managedhsm.azure.net/keys/KEKforBYOK/ffff")) ==
        config("kid-mismatch"));
}

TEST_CASE("A key identifier without version, or none at all, is refused") {
  CHECK(refused(pem_file(), with_kid("https://acme.vault.azure.net/keys/K")) ==
        config("kid-without-version"));
  CHECK(refused(pem_file(), with_kid("https://acme.vault.azure.net/keys/K/")) ==
        config("kid-without-version"));
  for (const char* kid :
       {"", "K", "http://acme.vault.azure.net/keys/K/0123",
        "https://acme.vault.azure.net/secrets/K/0123", "https:///keys/K/0123",
        "https://acme.vault.azure.net/keys/K/01/23", "https://acme.vault.azure.net/keys//0123",
        "https://acme.vault.azure.net/keys/K$(id)/0123",
        "https://acme.vault.azure.net/keys/-K/0123"}) {
    CAPTURE(kid);
    CHECK(refused(pem_file(), with_kid(kid)) == config("kid-invalid"));
  }
  CHECK(azure::parse_kid("https://x.vault.usgovcloudapi.net/keys/K/abc").store_name() == "x");
}

TEST_CASE("A wrapping key that may do anything but import is refused") {
  const auto with_ops = [](Json ops) {
    return refused_edit([&](Json& document) { document["key"]["keyOps"] = ops; });
  };
  CHECK(with_ops(Json::array({"import", "wrapKey"})) == config("kek-operations"));
  CHECK(with_ops(Json::array({"wrapKey"})) == config("kek-operations"));
  CHECK(with_ops(Json::array()) == config("kek-operations"));
  CHECK(with_ops(nullptr) == config("kek-operations"));
}

TEST_CASE("A disabled, expired or not yet valid wrapping key is refused") {
  CHECK(refused_edit([](Json& document) { document["attributes"]["enabled"] = false; }) ==
        config("kek-disabled"));
  const auto parameters = [](const char* field, const char* when) {
    return read(json_file(edited("azure-az.json",
                                 [&](Json& document) { document["attributes"][field] = when; })),
                azure::ImportOptions{});
  };
  const auto expired = parameters("expires", "2026-02-13T12:00:00+00:00");
  CHECK(refusal_of([&] { check_time(expired, noon()); }) == config("parameters-expired"));
  const auto early = parameters("notBefore", "2026-02-13T12:00:01+00:00");
  CHECK(refusal_of([&] { check_time(early, noon()); }) == config("parameters-not-yet-valid"));
}

TEST_CASE("A wrapping key of another type, size or exponent is refused") {
  const auto with = [](const char* field, const Json& value) {
    return refused_edit([&](Json& document) { document["key"][field] = value; });
  };
  CHECK(with("kty", "RSA") == config("kek-type"));
  CHECK(with("kty", "EC-HSM") == config("wrapping-key-not-rsa"));
  CHECK(with("kty", "oct-HSM") == config("wrapping-key-not-rsa"));
  CHECK(with("e", "Aw==") == config("wrapping-key-exponent"));
  CHECK(with("n", to_base64(Bytes(128, 0xff))) == config("wrapping-key-size"));
  CHECK(with("n", "no base64") == config("not-base64"));
  CHECK(refused(pem_file("ec-p256.pem"), with_kid(kKid)) == config("wrapping-key-not-rsa"));
  CHECK(refused(pem_file("rsa-2048-e3.pem"), with_kid(kKid)) == config("wrapping-key-exponent"));
}

TEST_CASE("An import token is AWS's alone") {
  auto files = json_file(sample("azure-az.json"));
  files.import_token = InputFile{"token", Bytes(10, 1)};
  CHECK(refused(files) == usage("import-token-not-for-provider"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
