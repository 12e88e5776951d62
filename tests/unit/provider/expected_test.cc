#include "provider/expected.h"

#include <doctest/doctest.h>

#include <functional>

#include "base/error.h"
#include "crypto/digest.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Expected sample() {
  Expected expected;
  expected.provider = Provider::kAws;
  expected.purpose = Purpose::kVerification;
  expected.key_type = {KeyFamily::kGenericSecret, 32};
  expected.key_label = "acme payments\n";
  expected.cloud_key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";
  expected.cloud_algorithm = "HMAC_256";
  expected.key_material_id = std::string(64, 'c');
  expected.challenge = Bytes(32, 5);
  expected.answers = {{"hmac-sha256", "HMAC_SHA_256", "", 32, std::string(64, 'a')},
                      {"aes-cbc", "A256CBC", std::string(32, '0'), 32, std::string(64, 'b')}};
  expected.not_asked = {{"aes-kw", "C_Encrypt refused"}};
  expected.check_values = {{"aes-ecb-zero", "f29000"}};
  return expected;
}

std::string code_after(const std::function<void(Json&)>& edit) {
  Json document = to_json(sample());
  edit(document);
  try {
    static_cast<void>(expected_from_json(document, "expected.json"));
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kConfig);
    return error.code();
  }
  return "nothing thrown";
}

TEST_CASE("expected.json reads back as it was written") {
  const Expected expected = sample();
  CHECK(expected_from_json(parse_json(as_bytes(dump_json(to_json(expected))), "e"), "e") ==
        expected);
}

TEST_CASE("A document of another format or version is refused by name") {
  CHECK(code_after([](Json& d) { d["format"] = "keyrite-bundle"; }) == "expected-format");
  CHECK(code_after([](Json& d) { d.erase("format"); }) == "expected-format");
  CHECK(code_after([](Json& d) { d["version"] = 2; }) == "expected-version");
}

TEST_CASE("A field that is not known is refused at every level") {
  CHECK(code_after([](Json& d) { d["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["key"]["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["cloud"]["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["challenge"]["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["answers"][0]["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["not_asked"][0]["extra"] = 1; }) == "expected-unknown-field");
  CHECK(code_after([](Json& d) { d["check_values"][0]["extra"] = 1; }) == "expected-unknown-field");
}

TEST_CASE("A missing field is refused") {
  for (const char* name : {"provider", "purpose", "key", "cloud", "challenge", "answers",
                           "signatures", "not_asked", "check_values"}) {
    CAPTURE(name);
    CHECK(code_after([&](Json& d) { d.erase(name); }) == "json-missing-field");
  }
}

TEST_CASE("Values outside their form are refused") {
  CHECK(code_after([](Json& d) { d["provider"] = "ibm"; }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["purpose"] = "fun"; }) == "purpose-unknown");
  CHECK(code_after([](Json& d) { d["key"]["type"] = "aes-257"; }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][0]["sha256"] = std::string(63, 'a'); }) ==
        "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][0]["sha256"] = std::string(64, 'A'); }) ==
        "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][0]["id"] = "Not A Slug"; }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][1]["id"] = "hmac-sha256"; }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][0]["bytes"] = -1; }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["answers"][0]["bytes"] = 3; }) == "expected-invalid");
  CHECK(code_after([](Json& d) {
          d["signatures"] = {{{"id", "sign"}, {"algorithm", "x"}}};
        }) == "expected-invalid");
  CHECK(code_after([](Json& d) { d["key"]["type"] = "ec-p256"; }) == "expected-invalid");
}

TEST_CASE("A challenge that does not fit its digest is refused") {
  CHECK(code_after([](Json& d) { d["challenge"]["base64"] = to_base64(Bytes(32, 6)); }) ==
        "challenge-mismatch");
}

TEST_CASE("A public key of another type than the key, or for a secret key, is refused") {
  CHECK(code_after([](Json& d) { d["public_key"] = to_base64(Bytes(44, 1)); }) ==
        "expected-invalid");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
