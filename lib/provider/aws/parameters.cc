#include "provider/aws/parameters.h"

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "provider/aws/key_arn.h"
#include "provider/aws/wrapping_algorithm.h"
#include "provider/name_form.h"
#include "provider/wrapping_key_file.h"

namespace keyrite::provider::aws {

namespace {

constexpr std::size_t kMaxToken = 6144;  // ImportTokenType of the KMS API

TimePoint read_valid_to(const JsonView& field) {
  return field.is_number() ? from_epoch_seconds(field.number(), field.where())
                           : parse_rfc3339(field.text(), field.where());
}

void check_token(const Bytes& token, std::string_view origin) {
  if (token.empty() || token.size() > kMaxToken) {
    throw Error(Kind::kConfig, "import-token-size",
                fmt::format("{}: the import token has {} bytes instead of 1 to {}",
                            in_quotes(origin), token.size(), kMaxToken));
  }
}

struct Parts {
  std::string key_id{};
  Bytes public_key{};
  Bytes token{};
  TimePoint valid_to{};
};

Parts read_json(const InputFile& file, const ImportOptions& options) {
  const Json document = parse_json(file.content, file.name);
  const JsonView view(document, file.name);
  Parts parts;
  parts.key_id = view.text("KeyId");
  check_key_id(parts.key_id, view.at("KeyId").where());
  if (options.key_id && !same_key(*options.key_id, parts.key_id)) {
    throw Error(
        Kind::kConfig, "key-arn-mismatch",
        fmt::format("{} holds parameters for the key {}, but --key-id names {}",
                    in_quotes(file.name), in_quotes(parts.key_id), in_quotes(*options.key_id)),
        "fetch the parameters of the intended key, or correct --key-id");
  }
  const JsonView key = view.at("PublicKey");
  refuse_pem(key.text(), key.where());
  parts.public_key = from_base64(key.text(), key.where());
  parts.token = from_base64(view.text("ImportToken"), view.at("ImportToken").where());
  parts.valid_to = read_valid_to(view.at("ParametersValidTo"));
  if (options.parameters_valid_to &&
      format_rfc3339(parse_rfc3339(*options.parameters_valid_to, "--parameters-valid-to")) !=
          format_rfc3339(parts.valid_to)) {
    throw Error(
        Kind::kConfig, "parameters-valid-to-differs",
        fmt::format("{} is valid until {}, but --parameters-valid-to says {}", in_quotes(file.name),
                    format_rfc3339(parts.valid_to), in_quotes(*options.parameters_valid_to)),
        "leave --parameters-valid-to out: the file contains the time");
  }
  return parts;
}

// The Console's download and `base64 -d` of the fields give two binary files that say nothing else.
Parts read_binary(const ParameterFiles& files, const ImportOptions& options) {
  if (!options.key_id) {
    throw Error(Kind::kUsage, "key-id-missing",
                "binary import parameters do not say which key they are for",
                "give the key's ARN with --key-id");
  }
  check_key_id(*options.key_id, "--key-id");
  if (!options.parameters_valid_to) {
    throw Error(Kind::kUsage, "parameters-validity-unknown",
                "binary import parameters do not say until when they are valid",
                "give the time with --parameters-valid-to: 24 hours after they were fetched");
  }
  refuse_pem(as_text(files.public_key->content), files.public_key->name);
  if (is_base64_text(files.public_key->content)) {
    throw Error(Kind::kConfig, "public-key-is-text",
                fmt::format("{} is base64 text, but binary DER is needed",
                            in_quotes(files.public_key->name)),
                "decode it first: openssl enc -d -base64 -A -in FILE -out FILE.der");
  }
  if (is_base64_text(files.import_token->content)) {
    throw Error(
        Kind::kConfig, "import-token-is-text",
        fmt::format("{} is base64 text, but binary is needed", in_quotes(files.import_token->name)),
        "decode it first: openssl enc -d -base64 -A -in FILE -out FILE.bin");
  }
  return {*options.key_id, files.public_key->content, files.import_token->content,
          parse_rfc3339(*options.parameters_valid_to, "--parameters-valid-to")};
}

Parts read_parts(const ParameterFiles& files, const ImportOptions& options) {
  if (files.parameters && (files.public_key || files.import_token)) {
    throw Error(Kind::kUsage, "parameters-given-twice",
                "both the JSON of get-parameters-for-import and separate files are given",
                "give one of them");
  }
  if (files.parameters) return read_json(*files.parameters, options);
  if (!files.public_key || !files.import_token) {
    throw Error(Kind::kUsage, "parameters-missing",
                "no import parameters are given: neither the JSON of get-parameters-for-import, "
                "nor public key and import token",
                "save them by: aws kms get-parameters-for-import ... --output json > params.json");
  }
  return read_binary(files, options);
}

void check_key_spec(const ImportOptions& options, unsigned bits) {
  const std::string found = fmt::format("RSA_{}", bits);
  if (options.wrapping_key_spec && *options.wrapping_key_spec != found) {
    throw Error(Kind::kConfig, "wrapping-key-spec-mismatch",
                fmt::format("the wrapping key is {}, but --wrapping-key-spec says {}", found,
                            in_quotes(*options.wrapping_key_spec)),
                "give the file that this request returned");
  }
}

}  // namespace

ImportParameters read_parameters(const ParameterFiles& files, const ImportOptions& options) {
  if (!options.wrapping_algorithm) {
    throw Error(Kind::kUsage, "wrapping-algorithm-missing",
                "the answer of AWS does not say which wrapping algorithm was requested",
                std::string(kAlgorithmHint));
  }
  const WrappingAlgorithm algorithm = parse_wrapping_algorithm(*options.wrapping_algorithm);
  Parts parts = read_parts(files, options);
  const std::string origin = files.parameters ? files.parameters->name : files.public_key->name;
  crypto::PublicKey key = crypto::PublicKey::from_spki(parts.public_key, origin);
  check_wrapping_key(Provider::kAws, key, origin);
  check_key_spec(options, key.rsa_bits());
  check_token(parts.token, files.parameters ? files.parameters->name : files.import_token->name);
  return {std::move(parts.key_id), std::move(key), std::move(parts.token), parts.valid_to,
          algorithm};
}

void check_verification_parameters(const ImportParameters& first, const ImportParameters& second) {
  if (!same_key(first.key_id, second.key_id)) {
    throw Error(
        Kind::kConfig, "verification-key-mismatch",
        fmt::format("the import parameters are for {}, but the verification parameters are for {}",
                    in_quotes(first.key_id), in_quotes(second.key_id)),
        "fetch both for the same KMS key");
  }
  if (first.import_token == second.import_token) {
    throw Error(
        Kind::kConfig, "verification-parameters-reused",
        fmt::format("the verification parameters contain the same import token as the import "
                    "parameters (SHA-256 {})",
                    to_hex(crypto::sha256(first.import_token))),
        "run aws kms get-parameters-for-import a second time for --verification-parameters");
  }
}

Json to_json(const ImportParameters& parameters) {
  return {{"key_id", parameters.key_id},
          {"wrapping_algorithm", wrapping_algorithm_name(parameters.algorithm)},
          {"wrapping_key_spec", fmt::format("RSA_{}", parameters.wrapping_key.rsa_bits())},
          {"wrapping_key_sha256", parameters.wrapping_key.sha256()},
          {"import_token_sha256", to_hex(crypto::sha256(parameters.import_token))},
          {"valid_to", format_rfc3339(parameters.valid_to)}};
}

std::vector<std::pair<std::string, std::string>> describe(const ImportParameters& parameters) {
  return {{"key", parameters.key_id},
          {"wrapping key", fmt::format("RSA-{}, SHA-256 {}", parameters.wrapping_key.rsa_bits(),
                                       parameters.wrapping_key.sha256())},
          {"wrapping algorithm", wrapping_algorithm_name(parameters.algorithm)},
          {"import token", fmt::format("{} bytes, SHA-256 {}", parameters.import_token.size(),
                                       to_hex(crypto::sha256(parameters.import_token)))},
          {"valid to", format_rfc3339(parameters.valid_to)}};
}

}  // namespace keyrite::provider::aws
