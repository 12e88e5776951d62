#include "unit/bundle/cloud_bundles.h"

#include "bundle/cross_checks.h"
#include "bundle/write.h"
#include "provider/destination.h"
#include "provider/payload.h"
#include "provider/script.h"

namespace keyrite::test {

using namespace provider;

namespace {

Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

Bytes wrapping_key(const Workshop& shop, const std::string& form) {
  shop.must("[ -f w.key ] || cp '" KEYRITE_TEST_KEYS_DIR "/rsa-3072.pem' w.key");
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
  manifest.wrapping_key = {key.sha256(), key.rsa_bits(), WrappingKeyBasis::kCompared};
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

}  // namespace

std::vector<CloudCase> cloud_cases() {
  const KeyType aes{KeyFamily::kAes, 256};
  const KeyType mac{KeyFamily::kGenericSecret, 32};
  return {{"AWS symmetric", aws_parameters, aws_options("RSAES_OAEP_SHA_256"), aes, 384},
          {"AWS HMAC", aws_parameters, aws_options("RSAES_OAEP_SHA_1"), mac, 384},
          {"Azure oct", azure_parameters, azure::ImportOptions{}, aes, 384 + 40},
          {"Google raw AES", google_parameters, google_options("aes-256-cbc"), aes, 384 + 40},
          {"Google HMAC", google_parameters, google_options("hmac-sha256"), mac, 384 + 40}};
}

bundle::Contents make_bundle(const Workshop& shop, const CloudCase& one, TimePoint now) {
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

TimePoint cloud_now() { return parse_rfc3339("2026-02-13T10:00:00Z", "now"); }

}  // namespace keyrite::test
