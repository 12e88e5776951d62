// A bundle for each cloud, from the import parameters to the offline check, with every module's
// real parts.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "bundle/cross_checks.h"
#include "bundle/verify.h"
#include "bundle/write.h"
#include "provider/destination.h"
#include "provider/payload.h"
#include "provider/script.h"
#include "support/command.h"

namespace keyrite::test {
namespace {

using namespace provider;

struct Case {
  std::string name{};
  std::function<InputFile(const Workshop& shop)> parameters{};
  ImportOptions options{};
  KeyType type{};
  std::size_t blob_bytes{};
};

Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

Bytes wrapping_key(const Workshop& shop, const std::string& form) {
  shop.must(
      "[ -f w.key ] || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out w.key "
      "2>/dev/null");
  return shop.must("openssl pkey -in w.key -pubout -outform " + form);
}

InputFile aws_parameters(const Workshop& shop) {
  const Json document{
      {"KeyId", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
      {"ImportToken", to_base64(Bytes(900, 7))},
      {"PublicKey", to_base64(wrapping_key(shop, "DER"))},
      {"ParametersValidTo", "2026-02-13T18:39:25.085000+01:00"}};
  return {"params.json", bytes_of(dump_json(document))};
}

InputFile azure_parameters(const Workshop& shop) {
  static_cast<void>(wrapping_key(shop, "DER"));
  const std::string modulus = as_text(
      shop.must("openssl rsa -in w.key -noout -modulus | sed 's/Modulus=//' | tr -d '\\n'"));
  const Json document{
      {"attributes", {{"enabled", true}, {"exp", nullptr}}},
      {"key",
       {{"kid", "https://acme.managedhsm.azure.net/keys/KEK/0123456789abcdef0123456789abcdef"},
        {"kty", "RSA-HSM"},
        {"n", to_base64(from_hex(modulus))},
        {"e", "AQAB"},
        {"keyOps", {"import"}}}}};
  return {"kek.json", bytes_of(dump_json(document))};
}

InputFile google_parameters(const Workshop& shop) {
  const Json document{{"name", "projects/acme/locations/europe-west3/keyRings/prod/importJobs/j1"},
                      {"importMethod", "RSA_OAEP_3072_SHA256_AES_256"},
                      {"protectionLevel", "HSM"},
                      {"state", "ACTIVE"},
                      {"expireTime", "2026-02-15T10:00:00Z"},
                      {"publicKey", {{"pem", as_text(wrapping_key(shop, "PEM"))}}}};
  return {"job.json", bytes_of(dump_json(document))};
}

aws::ImportOptions aws_options(const std::string& algorithm) {
  aws::ImportOptions options;
  options.wrapping_algorithm = algorithm;
  return options;
}

google::ImportOptions google_options(const std::string& algorithm) {
  google::ImportOptions options;
  options.algorithm = algorithm;
  return options;
}

std::vector<Case> cases() {
  const KeyType aes{KeyFamily::kAes, 256};
  const KeyType mac{KeyFamily::kGenericSecret, 32};
  return {{"AWS symmetric", aws_parameters, aws_options("RSAES_OAEP_SHA_256"), aes, 384},
          {"AWS HMAC", aws_parameters, aws_options("RSAES_OAEP_SHA_1"), mac, 384},
          {"Azure oct", azure_parameters, azure::ImportOptions{}, aes, 384 + 40},
          {"Google raw AES", google_parameters, google_options("aes-256-cbc"), aes, 384 + 40},
          {"Google HMAC", google_parameters, google_options("hmac-sha256"), mac, 384 + 40}};
}

Expected expected_of(const Destination& destination, const ChallengeSet& set,
                     const Bytes& challenge) {
  Expected expected;
  expected.provider = destination.provider();
  expected.key_type = destination.key_type;
  expected.key_label = "acme-payments";
  expected.cloud_key = destination.cloud_key;
  expected.cloud_algorithm = destination.cloud_algorithm;
  expected.challenge = challenge;
  expected.answers = set.answers;
  expected.not_asked = set.not_asked;
  return expected;
}

bundle::Manifest manifest_of(const Destination& destination, TimePoint now) {
  const crypto::PublicKey& key = provider::wrapping_key(destination.parameters);
  bundle::Manifest manifest;
  manifest.provider = destination.provider();
  manifest.created = now;
  manifest.valid_until = valid_until(destination.parameters);
  manifest.tool = "keyrite 0.1.0";
  manifest.key = {"acme-payments", "00ff", destination.key_type, {}};
  manifest.token = {"t", "maker", "test token", "1", "2.6", "/usr/lib/module.so", {}};
  manifest.cloud = {destination.cloud_key, destination.cloud_algorithm, destination.names};
  manifest.algorithm = destination.algorithm;
  manifest.method =
      destination.algorithm.scheme == Scheme::kRsaOaep ? Method::kDirect : Method::kComposed;
  manifest.custody = custody_of(manifest.method);
  manifest.checked = wrap_check_of(manifest.method);
  manifest.wrapping_key = {key.sha256(), key.rsa_bits(), true};
  manifest.import_parameters = to_json(destination.parameters);
  manifest.unverified = destination.unverified;
  for (const std::string& text :
       bundle::tested_texts(manifest.method, manifest.algorithm.hash, destination.key_type)) {
    manifest.self_test.push_back({"CKM_TEST", "0x00000009", text, "works"});
  }
  return manifest;
}

ChallengeSet challenges(const Destination& destination, const Bytes& challenge) {
  std::vector<ComputedChallenge> computed;
  for (const ChallengeSpec& spec :
       challenges_for(destination.use, destination.key_type, challenge, Bytes(32, 3))) {
    computed.push_back({spec, Bytes(value_bytes(spec), 0x5a), {}});
  }
  return finish(computed, challenge);
}

bundle::Contents make_bundle(const Workshop& shop, const Case& one, TimePoint now) {
  const auto parameters = read_parameters({one.parameters(shop), {}, {}}, one.options);
  const Destination destination =
      resolve(parameters, one.options, one.type, "acme-payments", Force::kYes, now);
  const Bytes challenge(32, 9);
  const ChallengeSet set = challenges(destination, challenge);
  bundle::Parts parts;
  parts.manifest = manifest_of(destination, now);
  parts.expected = expected_of(destination, set, challenge);
  parts.wrapping_key = provider::wrapping_key(parameters).spki();
  parts.payload =
      lay_out(destination, Bytes(one.blob_bytes, 0x41), "keyrite 0.1.0; test token 2.6");
  parts.challenges = set.files;
  ScriptInput input{Purpose::kImport, parts.payload, set.asked, "unknown",
                    bundle::core_sha256_of(bundle::to_json(parts.manifest))};
  input.files.insert(input.files.end(), set.files.begin(), set.files.end());
  parts.import_script = import_script(destination, input);
  parts.readme = readme(destination, input);
  return bundle::assemble(parts);
}

}  // namespace

TEST_CASE("A bundle of every cloud passes its own offline check, and sha256sum's") {
  const TimePoint now = parse_rfc3339("2026-02-13T10:00:00Z", "now");
  for (const Case& one : cases()) {
    CAPTURE(one.name);
    const Workshop shop;
    const bundle::Contents contents = make_bundle(shop, one, now);
    bundle::Policy policy;
    policy.now = now;
    const auto report = bundle::verify(contents, policy);
    for (const bundle::Check& check : report.checks) {
      if (check.failure) {
        FAIL_CHECK(check.failure->code() << ": " << check.failure->message());
      }
    }
    for (const FolderFile& file : contents) {
      shop.put(file.name, file.content);
    }
    shop.must("grep -E '^[0-9a-f]{64}  ' import.sh | sha256sum --check --quiet --strict");
    shop.must("sh -n import.sh");
  }
}

TEST_CASE("The import parameters of every cloud's manifest stand in the format's document") {
  std::ifstream file(std::string(KEYRITE_SOURCE_DIR) + "/docs/formats/bundle.md");
  const std::string document{std::istreambuf_iterator<char>(file),
                             std::istreambuf_iterator<char>()};
  for (const Case& one : cases()) {
    const Workshop shop;
    const auto parameters = read_parameters({one.parameters(shop), {}, {}}, one.options);
    const Json recorded = to_json(parameters);
    CHECK(recorded.contains("wrapping_key_sha256"));
    for (const auto& entry : recorded.items()) {
      const std::string name = "`" + entry.key() + "`";
      CAPTURE(name);
      CHECK(document.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("One byte changed in any file of any cloud's bundle is found") {
  const TimePoint now = parse_rfc3339("2026-02-13T10:00:00Z", "now");
  for (const Case& one : cases()) {
    const Workshop shop;
    const bundle::Contents good = make_bundle(shop, one, now);
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
      CAPTURE(one.name);
      CAPTURE(good[i].name);
      bundle::Contents contents = good;
      contents[i].content[contents[i].content.size() / 2] ^= 1U;
      bundle::Policy policy;
      policy.now = now;
      CHECK_FALSE(bundle::verify(contents, policy).good());
    }
  }
}

}  // namespace keyrite::test
