// What AWS KMS hands out before an import: a wrapping key and an import token, bound to each other
// and to one KMS key. Read from get-parameters-for-import's JSON or from separate binary files.
// Values and pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "provider/options.h"

namespace keyrite::provider::aws {

struct ImportParameters {
  std::string key_id{};  // ARN, or what --key-id said
  crypto::PublicKey wrapping_key;
  Bytes import_token{};  // opaque, 1 to 6144 bytes
  TimePoint valid_to{};
  WrappingAlgorithm algorithm{};
};

// "RSA_AES_KEY_WRAP_SHA_256" and so on. Error kUsage "wrapping-algorithm-refused" for those that
// AWS knows and nobody can use here (PKCS#1 v1.5, SM2), "wrapping-algorithm-unknown".
[[nodiscard]] WrappingAlgorithm parse_wrapping_algorithm(std::string_view name);
[[nodiscard]] std::string wrapping_algorithm_name(WrappingAlgorithm algorithm);

// Errors beside those of provider::read_parameters: kUsage "wrapping-algorithm-missing",
// "key-id-missing", "parameters-validity-unknown" (binary files without --parameters-valid-to),
// "parameters-given-twice"; kConfig "key-arn-mismatch", "key-id-invalid",
// "wrapping-key-spec-mismatch", "import-token-size", "import-token-is-text",
// "parameters-valid-to-differs".
[[nodiscard]] ImportParameters read_parameters(const ParameterFiles& files,
                                               const ImportOptions& options);

// As provider::check_verification_parameters.
void check_verification_parameters(const ImportParameters& first, const ImportParameters& second);

[[nodiscard]] Json to_json(const ImportParameters& parameters);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(
    const ImportParameters& parameters);

}  // namespace keyrite::provider::aws
