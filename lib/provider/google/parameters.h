// What Google Cloud KMS hands out before an import: an import job of a key ring with an RSA key of
// its own. Read from the JSON of import-jobs describe, or from its PEM with options. Values and
// pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/wrapping.h"
#include "crypto/public_key.h"
#include "provider/options.h"

namespace keyrite::provider::google {

// projects/P/locations/L/keyRings/R/importJobs/J
struct JobName {
  std::string project{};
  std::string location{};
  std::string keyring{};
  std::string job{};
  [[nodiscard]] std::string text() const;
};

// Error kConfig "import-job-name".
[[nodiscard]] JobName parse_job_name(const std::string& name);

struct ImportMethod {
  std::string_view name{};  // gcloud's spelling: "rsa-oaep-3072-sha256-aes-256"
  unsigned rsa_bits{};
  WrappingAlgorithm algorithm{};
};
[[nodiscard]] const std::vector<ImportMethod>& import_methods();
// Either spelling. Errors kConfig: "import-method-refused" (HPKE, with the reason),
// "import-method-unknown".
[[nodiscard]] const ImportMethod& parse_import_method(std::string_view name);
// Either spelling; gcloud's is returned. Error kConfig "protection-level-unknown".
[[nodiscard]] std::string parse_protection_level(std::string_view level);

// What was seen of an attestation of the job, which this version does not judge.
enum class Attestation { kNotSeen, kNone, kPresent };
// "not seen: read from PEM", "none", "present, not judged"
[[nodiscard]] std::string_view attestation_text(Attestation attestation);

struct ImportParameters {
  JobName job{};
  crypto::PublicKey wrapping_key;
  ImportMethod method{};
  std::string protection_level{};  // "hsm"; gcloud's spelling
  TimePoint expires{};
  Attestation attestation{Attestation::kNotSeen};
  // An HSM made the job's key, and only an attestation could show that.
  [[nodiscard]] bool of_hsm() const { return protection_level != "software"; }
};

// Errors beside those of provider::read_parameters: kUsage "import-method-missing",
// "import-job-missing" (a PEM without job, project, location or key ring),
// "parameters-validity-unknown", "protection-level-missing", "parameters-given-twice"; kConfig
// "import-job-not-active" (with its state), "import-job-name", "import-job-mismatch" (options and
// file differ), "import-method-key-size", "protection-level-unknown", "wrapping-key-mismatch" (the
// job and the PEM differ).
[[nodiscard]] ImportParameters read_parameters(const ParameterFiles& files,
                                               const ImportOptions& options);

[[nodiscard]] Json to_json(const ImportParameters& parameters);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe(
    const ImportParameters& parameters);

}  // namespace keyrite::provider::google
