// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/key_usage.h"
#include "keys/generate_kek.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using keys::GenerateKekRequest;

const Bytes kId{0x0a, 0x0b};

GenerateKekRequest request_for(std::string type, std::string label) {
  GenerateKekRequest request;
  request.type = std::move(type);
  request.label = std::move(label);
  return request;
}

std::string refusal(const GenerateKekRequest& request) {
  return failure_of([&] { (void)keys::plan(request, kId); }).code;
}

KeyUsage usage_of(const std::string& type, const std::string& provider = {}) {
  auto request = request_for(type, "k");
  if (!provider.empty()) request.for_providers = {provider};
  return keys::plan(request, kId).traits.usage;
}

TEST_CASE("A type that the cloud does not take is refused before there is a token") {
  auto request = request_for("ec-p521", "k");
  request.for_providers = {"google"};
  CHECK(refusal(request) == "key-type-refused");
  request = request_for("ed25519", "k");
  request.for_providers = {"aws"};
  CHECK(refusal(request) == "key-type-unverified");
  request.allow_unverified = true;
  CHECK(keys::plan(request, kId).traits.extractable);
  // Of two clouds both are asked.
  request = request_for("ec-p521", "k");
  request.for_providers = {"aws", "google"};
  CHECK(refusal(request) == "key-type-refused");
  request.for_providers = {"elsewhere"};
  CHECK(refusal(request) == "provider-unknown");
}

TEST_CASE("Requests that make no sense are refused with their own codes") {
  CHECK(refusal(request_for("aes-257", "k")) == "key-type-unknown");
  CHECK(refusal(request_for("generic-secret-256-bytes", "k")) == "generic-secret-length");
  CHECK(refusal(request_for("aes-256", "a\x1b[2J")) == "label-invalid");
  CHECK(refusal(request_for("aes-256", "acme ")) == "name-edges");
  CHECK(refusal(request_for("aes-256", " acme")) == "name-edges");
  auto request = request_for("aes-256", "k");
  request.usage = "sign";
  CHECK(refusal(request) == "usage-not-for-type");
  request = request_for("aes-256", "k");
  request.public_out = "k.pem";
  CHECK(refusal(request) == "no-public-half");
  request = request_for("aes-256", "k");
  request.wrap_with_trusted = true;
  CHECK(refusal(request) == "trusted-without-extractable");
  request.extractable = true;
  CHECK(refusal(request) == "no error");
  request = request_for("aes-256", "k");
  request.id = "0g";
  CHECK(refusal(request) == "id-invalid");
}

TEST_CASE("A key that is asked for with nothing more stays in the token and wraps or signs") {
  const auto plan = keys::plan(request_for("aes-256", "k"), kId);
  CHECK(plan.traits.token);
  CHECK_FALSE(plan.traits.extractable);
  CHECK_FALSE(plan.traits.wrap_with_trusted);
  CHECK(plan.traits.usage == KeyUsage::kWrap);
  CHECK(plan.traits.id == kId);
  CHECK(plan.random_id);
  CHECK(plan.mechanism == "CKM_AES_KEY_GEN");
  for (const char* type : {"rsa-2048", "ec-p256", "ed25519", "generic-secret-32-bytes"})
    CHECK_MESSAGE(usage_of(type) == KeyUsage::kSign, type);
}

TEST_CASE("A key for a cloud is extractable, and answers challenges here") {
  for (const char* provider : {"aws", "azure", "google"}) {
    auto request = request_for("aes-256", "k");
    request.for_providers = {provider};
    CHECK(keys::plan(request, kId).traits.extractable);
    CHECK(usage_of("aes-256", provider) == KeyUsage::kEncrypt);
    CHECK(usage_of("ec-p256", provider) == KeyUsage::kSign);
  }
}

TEST_CASE("The id that is asked for is the id, and a random one is not told as if it were fixed") {
  auto request = request_for("aes-256", "k");
  CHECK(keys::plan(request, kId).to_json()["id"] == "random");
  request.id = "00ff";
  const auto plan = keys::plan(request, kId);
  CHECK(plan.traits.id == Bytes{0x00, 0xff});
  CHECK(plan.to_json()["id"] == "00ff");
}

TEST_CASE("What the log will hold of a plan is the key's label, its id and the file to be made") {
  auto request = request_for("ec-p256", "acme-signing");
  request.public_out = "signing.pem";
  const auto intent = keys::intent_of(keys::plan(request, kId), request);
  CHECK(intent.act == "generate-kek");
  CHECK(intent.also.empty());
  CHECK(intent.label == "acme-signing");
  CHECK(intent.id == "0a0b");
  CHECK(intent.outputs == std::vector<std::string>{"signing.pem"});
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
