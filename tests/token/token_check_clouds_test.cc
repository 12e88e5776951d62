// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What token-check says of a token and a cloud is what wrap-for-import then does, and what was
// measured of both tokens with other programs (every_wrap_test.cc).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <sstream>

#include "act/token_session.h"
#include "base/text.h"
#include "token/import_fixture.h"
#include "token_check/token_check.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using keys::Can;
using provider::Provider;

std::vector<keys::CloudAbility> abilities(const TestToken& token, Provider cloud,
                                          const std::optional<KeyType>& type = std::nullopt) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  wrap::SelfTest tests(open.session());
  auto all = keys::cloud_abilities(cloud, type, tests);
  open.close();
  return all;
}

// "RSAES_OAEP_SHA_1 aes-256" and "yes", or the options.
std::map<std::string, std::string> answers_of(const std::vector<keys::CloudAbility>& all) {
  std::map<std::string, std::string> answers;
  for (const auto& one : all) {
    const auto options = one.options();
    answers[one.asked + " " + one.required.target.name()] =
        options.empty() ? keys::can_words(one.can()).text()
                        : fmt::format("{}", fmt::join(options, " "));
  }
  return answers;
}

TEST_CASE("What SoftHSM can wrap for AWS and Google is what was measured of it") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto aws = answers_of(abilities(*token, Provider::kAws));
  CHECK(aws.at("RSAES_OAEP_SHA_256 aes-256") == "no");
  CHECK(aws.at("RSAES_OAEP_SHA_1 aes-256") == "yes");
  CHECK(aws.at("RSAES_OAEP_SHA_1 ec-p256") == "no");
  CHECK(aws.at("RSA_AES_KEY_WRAP_SHA_1 aes-256") == "--allow-unverified");
  CHECK(aws.at("RSA_AES_KEY_WRAP_SHA_1 rsa-3072") == "--accept-padded-pkcs8");
  CHECK(aws.at("RSA_AES_KEY_WRAP_SHA_256 rsa-2048") ==
        "--accept-padded-pkcs8 --allow-host-ephemeral");
  CHECK_FALSE(aws.contains("RSAES_OAEP_SHA_1 rsa-2048"));  // AWS takes no such thing
  CHECK_FALSE(aws.contains("RSAES_OAEP_SHA_1 aes-128"));
  const auto google = answers_of(abilities(*token, Provider::kGoogle, parse_key_type("aes-256")));
  CHECK(google == std::map<std::string, std::string>{
                      {"rsa-oaep-3072-sha1-aes-256 aes-256", "yes"},
                      {"rsa-oaep-4096-sha1-aes-256 aes-256", "yes"},
                      {"rsa-oaep-3072-sha256-aes-256 aes-256", "--allow-host-ephemeral"},
                      {"rsa-oaep-4096-sha256-aes-256 aes-256", "--allow-host-ephemeral"},
                      {"rsa-oaep-3072-sha256 aes-256", "no"},
                      {"rsa-oaep-4096-sha256 aes-256", "no"}});
}

TEST_CASE("What NSS softoken can wrap for AWS and Azure is what was measured of it") {
  const auto token = make_nss();
  if (!token) return;
  const auto aws = answers_of(abilities(*token, Provider::kAws));
  for (const char* row : {"RSAES_OAEP_SHA_256 aes-256", "RSAES_OAEP_SHA_1 ec-p256",
                          "RSA_AES_KEY_WRAP_SHA_256 rsa-4096"}) {
    CAPTURE(row);
    CHECK(aws.at(row) == "yes");
  }
  CHECK(aws.at("RSAES_OAEP_SHA_256 ec-secp256k1") == "no");  // it makes none
  const auto azure = answers_of(abilities(*token, Provider::kAzure));
  CHECK(azure.at("CKM_RSA_AES_KEY_WRAP ec-p384") == "yes");
  CHECK(azure.at("CKM_RSA_AES_KEY_WRAP generic-secret-48-bytes") == "--allow-unverified");
}

bool has(const std::vector<std::string>& options, const char* name) {
  return std::ranges::find(options, name) != options.end();
}

TEST_CASE("wrap-for-import does what token-check says, with those options and not without") {
  const auto token = make_softhsm();
  if (!token) return;
  int number = 0;
  for (const char* type : {"aes-256", "ec-p256", "ec-p384"}) {
    make_key(*token, type, type);
    for (const auto& one : abilities(*token, Provider::kAws, parse_key_type(type))) {
      CAPTURE(type);
      CAPTURE(one.asked);
      const AwsImport aws;
      auto request = aws.request(type, one.asked);
      const auto wraps = [&] {
        request.out = aws.path(fmt::format("out-{}", ++number));
        return failure_of([&] { (void)wrap(request, context_for(*token)); }).code == "no error";
      };
      CHECK(wraps() == (one.can() == Can::kYes));
      const auto options = one.options();
      request.allow_unverified = has(options, "--allow-unverified");
      request.accept_padded_pkcs8 = has(options, "--accept-padded-pkcs8");
      request.allow_host_ephemeral = has(options, "--allow-host-ephemeral");
      CHECK(wraps() == one.ability.choice.recipe.has_value());
    }
  }
}

TEST_CASE("A wrap that cannot be done says what can be, on this token") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  make_key(*token, "ed25519", "edwards");
  const AwsImport aws;
  auto failure =
      failure_of([&] { (void)wrap(aws.request("k", "RSAES_OAEP_SHA_256"), context_for(*token)); });
  CHECK(failure.code == "no-wrap-method");
  CHECK(failure.hint.starts_with(
      "this token wraps aes-256 for AWS KMS so: RSAES_OAEP_SHA_1, RSA_AES_KEY_WRAP_SHA_256 with "
      "--allow-unverified --allow-host-ephemeral, RSA_AES_KEY_WRAP_SHA_1 with "
      "--allow-unverified\n"));
  auto request = aws.request("edwards", "RSAES_OAEP_SHA_1");
  request.allow_unverified = true;
  failure = failure_of([&] { (void)wrap(request, context_for(*token)); });
  CHECK(failure.code == "no-wrap-method");
  CHECK(
      failure.hint.starts_with("this token wraps ed25519 for AWS KMS by no wrapping algorithm\n"));
}

TEST_CASE("The summary for people has the verdict first, and no line is wider than a terminal") {
  for (const auto& token : {make_softhsm(), make_nss()}) {
    if (!token) return;
    std::vector<token_check::CloudFinding> clouds;
    for (const auto cloud : provider::all_providers())
      clouds.push_back({cloud, abilities(*token, cloud)});
    const auto text = token_check::text_of(clouds);
    CHECK(text.front() == "\nAWS KMS: yes, this token can wrap keys for it");
    for (const auto& part : text) {
      std::istringstream lines(part);
      for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= kColumns);
      }
    }
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
