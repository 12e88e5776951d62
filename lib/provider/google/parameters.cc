#include "provider/google/parameters.h"

#include <fmt/format.h>

#include "base/error.h"
#include "provider/name_form.h"
#include "provider/wrapping_key_file.h"

namespace keyrite::provider::google {

namespace {

void check_state(const JsonView& view) {
  const std::string state = view.text("state");
  if (state == "ACTIVE") return;
  throw Error(Kind::kConfig, "import-job-not-active",
              fmt::format("{}: the import job is in state {}", view.where(), in_quotes(state)),
              state == "PENDING_GENERATION" ? "wait a moment and describe the job again"
                                            : "create another import job");
}

void same(const std::optional<std::string>& option, std::string_view name,
          const std::string& found) {
  if (option && option_spelling(*option) != option_spelling(found)) {
    throw Error(Kind::kConfig, "import-job-mismatch",
                fmt::format("the import job says {}, but {} says {}", in_quotes(found), name,
                            in_quotes(*option)),
                "give the file of the intended import job");
  }
}

void compare(const ImportParameters& parameters, const ImportOptions& options) {
  same(options.import_method, "--import-method", std::string(parameters.method.name));
  same(options.import_job, "--import-job", parameters.job.job);
  same(options.project, "--project", parameters.job.project);
  same(options.location, "--location", parameters.job.location);
  same(options.keyring, "--keyring", parameters.job.keyring);
  same(options.protection_level, "--protection-level", parameters.protection_level);
  if (options.parameters_valid_to) {
    const TimePoint said = parse_rfc3339(*options.parameters_valid_to, "--parameters-valid-to");
    same(format_rfc3339(said), "--parameters-valid-to", format_rfc3339(parameters.expires));
  }
}

ImportParameters read_json(const InputFile& file, const ImportOptions& options) {
  const Json document = parse_json(file.content, file.name);
  const JsonView view(document, file.name);
  const JobName job = parse_job_name(view.text("name"));
  check_state(JsonView(document, file.name));
  const ImportMethod& method = parse_import_method(view.text("importMethod"));
  const JsonView pem = view.at("publicKey").at("pem");
  ImportParameters parameters{
      job,
      crypto::PublicKey::from_pem(pem.text(), pem.where()),
      method,
      parse_protection_level(view.text("protectionLevel")),
      parse_rfc3339(view.text("expireTime"), view.at("expireTime").where()),
      view.find("attestation") ? Attestation::kPresent : Attestation::kNone};
  compare(parameters, options);
  return parameters;
}

const std::string& required(const std::optional<std::string>& option, std::string_view name,
                            std::string_view code) {
  if (!option) {
    throw Error(Kind::kUsage, std::string(code),
                fmt::format("a PEM file does not describe the import job: {} is missing", name),
                "give that option, or the JSON of gcloud kms import-jobs describe");
  }
  return *option;
}

ImportParameters read_pem(const InputFile& file, const ImportOptions& options) {
  const ImportMethod& method = parse_import_method(
      required(options.import_method, "--import-method", "import-method-missing"));
  const JobName job = parse_job_name(JobName{
      required(options.project, "--project", "import-job-missing"),
      required(options.location, "--location", "import-job-missing"),
      required(options.keyring, "--keyring", "import-job-missing"),
      required(options.import_job, "--import-job", "import-job-missing"),
  }
                                         .text());
  const std::string& level =
      required(options.protection_level, "--protection-level", "protection-level-missing");
  const std::string& until =
      required(options.parameters_valid_to, "--parameters-valid-to", "parameters-validity-unknown");
  return {job, crypto::PublicKey::from_pem(as_text(file.content), file.name), method,
          parse_protection_level(level), parse_rfc3339(until, "--parameters-valid-to")};
}

void check_method(const ImportParameters& parameters, std::string_view origin) {
  if (parameters.method.rsa_bits != parameters.wrapping_key.rsa_bits()) {
    throw Error(
        Kind::kConfig, "import-method-key-size",
        fmt::format("{}: the import method {} has a key of {} bits, but the key in the file has {}",
                    in_quotes(origin), parameters.method.name, parameters.method.rsa_bits,
                    parameters.wrapping_key.rsa_bits()),
        "save the import job again");
  }
}

}  // namespace

ImportParameters read_parameters(const ParameterFiles& files, const ImportOptions& options) {
  if (!files.parameters && !files.public_key) {
    throw Error(Kind::kUsage, "parameters-missing",
                "no wrapping key is given: neither the JSON of import-jobs describe nor its PEM",
                "save it with: gcloud kms import-jobs describe JOB ... --format=json > job.json");
  }
  const InputFile& file = files.parameters ? *files.parameters : *files.public_key;
  ImportParameters parameters =
      files.parameters ? read_json(file, options) : read_pem(file, options);
  check_wrapping_key(Provider::kGoogle, parameters.wrapping_key, file.name);
  check_method(parameters, file.name);
  if (files.parameters && files.public_key &&
      !(crypto::PublicKey::from_pem(as_text(files.public_key->content), files.public_key->name) ==
        parameters.wrapping_key)) {
    throw Error(Kind::kConfig, "wrapping-key-mismatch",
                fmt::format("{} and {} hold different public keys",
                            in_quotes(files.parameters->name), in_quotes(files.public_key->name)),
                "save both again from the same import job");
  }
  return parameters;
}

Json to_json(const ImportParameters& parameters) {
  return {{"import_job", parameters.job.text()},
          {"import_method", parameters.method.name},
          {"protection_level", parameters.protection_level},
          {"wrapping_key_bits", parameters.wrapping_key.rsa_bits()},
          {"wrapping_key_sha256", parameters.wrapping_key.sha256()},
          {"expires", format_rfc3339(parameters.expires)},
          {"attestation", attestation_text(parameters.attestation)}};
}

std::vector<std::pair<std::string, std::string>> describe(const ImportParameters& parameters) {
  return {{"import job", parameters.job.text()},
          {"import method", std::string(parameters.method.name)},
          {"protection level", parameters.protection_level},
          {"wrapping key", fmt::format("RSA-{}, SHA-256 {}", parameters.wrapping_key.rsa_bits(),
                                       parameters.wrapping_key.sha256())},
          {"attestation", std::string(attestation_text(parameters.attestation))},
          {"valid to", format_rfc3339(parameters.expires)}};
}

}  // namespace keyrite::provider::google
