#include "unit/provider/import_fixture.h"

#include <ostream>

#include "base/file.h"
#include "crypto/digest.h"
#include "support/command.h"

namespace keyrite::test {

using namespace provider;

namespace {

std::string folder() { return std::string(KEYRITE_SOURCE_DIR) + "/tests/unit/provider/samples/"; }

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 3);
  return bytes;
}

}  // namespace

TimePoint noon() { return parse_rfc3339("2026-02-13T12:00:00Z", "noon"); }

InputFile sample(const std::string& name) { return {name, read_file(folder() + name)}; }

InputFile edited(const std::string& name, const std::function<void(Json&)>& edit) {
  Json document = parse_json(sample(name).content, name);
  edit(document);
  const std::string text = dump_json(document);
  return {name, Bytes(text.begin(), text.end())};
}

ParameterFiles json_file(InputFile file) {
  ParameterFiles files;
  files.parameters = std::move(file);
  return files;
}

Bytes der(const std::string& pem_sample) {
  const Workshop shop;
  return shop.must("openssl pkey -pubin -in '" + folder() + pem_sample + "' -outform DER");
}

std::string base64_der(const std::string& pem_sample) {
  const Workshop shop;
  return as_text(shop.must("openssl pkey -pubin -in '" + folder() + pem_sample +
                           "' -outform DER | openssl enc -base64 -A"));
}

ImportParameters read(const ParameterFiles& files, const ImportOptions& options) {
  return provider::read_parameters(files, options);
}

Refusal refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), error.kind(), error.message(), error.hint()};
  }
  return {};
}

Refusal usage(std::string code) { return {std::move(code), Kind::kUsage}; }
Refusal config(std::string code) { return {std::move(code), Kind::kConfig}; }
Refusal verification(std::string code) { return {std::move(code), Kind::kVerification}; }

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << "\"" << refusal.code << "\" (" << static_cast<int>(refusal.kind)
             << "): " << refusal.message;
}

aws::ImportOptions aws_options(std::string algorithm) {
  aws::ImportOptions options;
  options.wrapping_algorithm = std::move(algorithm);
  return options;
}

Destination aws_destination(const aws::ImportOptions& options, const std::string& key_type) {
  return resolve(read(json_file(sample("aws-v2.json")), options), options, parse_key_type(key_type),
                 "label", Force::kNo, noon());
}

Destination azure_destination(const azure::ImportOptions& options, const std::string& key_type,
                              const std::string& file) {
  return resolve(read(json_file(sample(file)), options), options, parse_key_type(key_type),
                 "acme-payments", Force::kNo, noon());
}

Destination google_destination(const google::ImportOptions& options, const std::string& key_type) {
  return resolve(read(json_file(sample("google-job.json")), options), options,
                 parse_key_type(key_type), "acme-payments", Force::kNo, noon());
}

Bytes blob_for(const Destination& destination) {
  const std::size_t modulus = wrapping_key(destination.parameters).rsa_bits() / 8;
  if (destination.algorithm.scheme == Scheme::kRsaOaep) return counting(modulus);
  return counting(modulus + (plaintext_bytes(destination.key_type) + 7) / 8 * 8 + 8);
}

ChallengeSet challenges_of(const Destination& destination) {
  const Bytes challenge = counting(kChallengeBytes);
  const Bytes hidden = counting(kHiddenBytes);
  std::vector<ComputedChallenge> computed;
  for (const ChallengeSpec& spec :
       challenges_for(destination.use, destination.key_type, challenge, hidden)) {
    const bool rsa = spec.operation == Operation::kRsaOaepEncrypt;
    computed.push_back(
        {spec, counting(rsa ? destination.key_type.size / 8 : value_bytes(spec)), ""});
  }
  return finish(computed, challenge);
}

ScriptInput script_input(const Destination& destination, Purpose purpose) {
  const ChallengeSet set = challenges_of(destination);
  ScriptInput input{purpose, lay_out(destination, blob_for(destination), "keyrite test"),
                    set.asked};
  input.files.insert(input.files.end(), set.files.begin(), set.files.end());
  input.core_sha256 = to_hex(crypto::sha256(counting(kChallengeBytes)));
  return input;
}

}  // namespace keyrite::test
