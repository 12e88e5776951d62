// import-jobs describe of gcloud, and the job's PEM with options.
#include <doctest/doctest.h>

#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Refusal refused(const ParameterFiles& files, const google::ImportOptions& options = {}) {
  return refusal_of([&] { static_cast<void>(read(files, options)); });
}
Refusal refused_edit(const std::function<void(Json&)>& edit) {
  return refused(json_file(edited("google-job.json", edit)));
}
ParameterFiles pem_file(const std::string& name = "rsa-3072.pem") {
  ParameterFiles files;
  files.public_key = sample(name);
  return files;
}
google::ImportOptions pem_options() {
  google::ImportOptions options;
  options.import_method = "rsa-oaep-3072-sha1-aes-256";
  options.import_job = "job-7";
  options.project = "acme-prod";
  options.location = "europe-west3";
  options.keyring = "payments";
  options.protection_level = "hsm";
  options.parameters_valid_to = "2026-02-14T08:00:00Z";
  return options;
}

TEST_CASE("The JSON of an import job is read") {
  const auto parameters = read(json_file(sample("google-job.json")), google::ImportOptions{});
  CHECK(wrapping_key(parameters).spki() == der("rsa-3072.pem"));
  CHECK(wrapping_algorithm(parameters).name() == "rsa-aes-key-wrap-sha256");
  CHECK(format_rfc3339(*valid_until(parameters)) == "2026-02-14T08:00:00Z");
  const auto& job = std::get<google::ImportParameters>(parameters).job;
  CHECK(job.project == "acme-prod");
  CHECK(job.job == "job-7");
  CHECK(to_json(parameters).at("attestation") == "present, not judged");
}

TEST_CASE("The PEM of an import job is read with what the options say of it") {
  const auto parameters = read(pem_file(), pem_options());
  CHECK(wrapping_algorithm(parameters).name() == "rsa-aes-key-wrap-sha1");
  CHECK(to_json(parameters).at("import_job") ==
        "projects/acme-prod/locations/europe-west3/keyRings/payments/importJobs/job-7");
  const auto without = [](std::optional<std::string> google::ImportOptions::*member) {
    auto options = pem_options();
    (options.*member).reset();
    return refused(pem_file(), options);
  };
  CHECK(without(&google::ImportOptions::import_method) == usage("import-method-missing"));
  CHECK(without(&google::ImportOptions::import_job) == usage("import-job-missing"));
  CHECK(without(&google::ImportOptions::project) == usage("import-job-missing"));
  CHECK(without(&google::ImportOptions::location) == usage("import-job-missing"));
  CHECK(without(&google::ImportOptions::keyring) == usage("import-job-missing"));
  CHECK(without(&google::ImportOptions::protection_level) == usage("protection-level-missing"));
  CHECK(without(&google::ImportOptions::parameters_valid_to) ==
        usage("parameters-validity-unknown"));
  CHECK(refused(ParameterFiles{}) == usage("parameters-missing"));
}

TEST_CASE("A job that is not ACTIVE is refused with its state") {
  for (const char* state : {"PENDING_GENERATION", "EXPIRED", "IMPORT_JOB_STATE_UNSPECIFIED"}) {
    const Refusal refusal = refused_edit([&](Json& document) { document["state"] = state; });
    CHECK(refusal == config("import-job-not-active"));
    CHECK(refusal.message.find(state) != std::string::npos);
  }
}

TEST_CASE("A job whose expireTime has come is refused even when its file says ACTIVE") {
  const auto parameters = read(json_file(sample("google-job.json")), google::ImportOptions{});
  const auto late = parse_rfc3339("2026-02-14T08:00:01Z", "late");
  CHECK(refusal_of([&] { check_time(parameters, late); }) == config("parameters-expired"));
}

TEST_CASE("A job that lives longer than Google makes them is refused") {
  const auto parameters = read(json_file(sample("google-job.json")), google::ImportOptions{});
  const auto refused_at = [&](const char* now) {
    return refusal_of([&] { check_time(parameters, parse_rfc3339(now, "now")); });
  };
  CHECK(refused_at("2026-02-11T07:00:01Z").code.empty());
  CHECK(refused_at("2026-02-11T06:59:59Z") == config("parameters-valid-to-too-far"));
}

TEST_CASE("What was seen of a job's attestation is said, and a PEM shows nothing of it") {
  const auto text = [](const ImportParameters& parameters) {
    return to_json(parameters).at("attestation").get<std::string>();
  };
  const auto without =
      read(json_file(edited("google-job.json", [](Json& job) { job.erase("attestation"); })),
           google::ImportOptions{});
  CHECK(text(without) == "none");
  CHECK(text(read(pem_file(), pem_options())) == "not seen: read from PEM");
}

TEST_CASE("Truncated PEM is refused") {
  std::string pem = as_text(sample("rsa-3072.pem").content);
  pem.resize(pem.size() / 2);
  ParameterFiles files;
  files.public_key = InputFile{"cut.pem", Bytes(pem.begin(), pem.end())};
  CHECK(refused(files, pem_options()) == config("public-key-invalid"));
  CHECK(refused_edit([&](Json& job) { job["publicKey"]["pem"] = pem; }) ==
        config("public-key-invalid"));
}

TEST_CASE("Method and key size of a job must match") {
  const auto with_method = [](const char* method) {
    return refused_edit([&](Json& document) { document["importMethod"] = method; });
  };
  CHECK(with_method("RSA_OAEP_4096_SHA256_AES_256") == config("import-method-key-size"));
  CHECK(with_method("RSA_OAEP_4096_SHA256") == config("import-method-key-size"));
  CHECK(with_method("RSA_OAEP_3072_SHA256").code.empty());
  CHECK(with_method("IMPORT_METHOD_UNSPECIFIED") == config("import-method-unknown"));
  CHECK(google::import_methods().size() == 6);
}

TEST_CASE("The HPKE methods are refused with the reason") {
  for (const char* method :
       {"HPKE_KEM_ML_KEM_768_HKDF_SHA256_AES_256_GCM",
        "HPKE_KEM_ML_KEM_1024_HKDF_SHA256_AES_256_GCM", "HPKE_KEM_XWING_HKDF_SHA256_AES_256_GCM"}) {
    const Refusal refusal =
        refused_edit([&](Json& document) { document["importMethod"] = method; });
    CHECK(refusal == config("import-method-refused"));
    CHECK(refusal.message.find("unpublished") != std::string::npos);
  }
}

TEST_CASE("Fields of a job that are missing or of another form are refused") {
  for (const char* field :
       {"name", "importMethod", "protectionLevel", "expireTime", "state", "publicKey"}) {
    CAPTURE(field);
    CHECK(refused_edit([&](Json& document) { document.erase(field); }) ==
          config("json-missing-field"));
  }
  CHECK(refused_edit([](Json& document) { document["protectionLevel"] = "EXTERNAL"; }) ==
        config("protection-level-unknown"));
  for (const char* name : {"", "job-7", "projects/p/locations/l/keyRings/r/importJobs/",
                           "projects/p/locations/l/keyRings/r/cryptoKeys/j",
                           "projects/p/locations/l/keyRings/r/importJobs/j/more",
                           "projects/p/locations/l/keyRings/r/importJobs/-j",
                           "projects/p/locations/l/keyRings/r'/importJobs/j"}) {
    CAPTURE(name);
    CHECK(refused_edit([&](Json& document) { document["name"] = name; }) ==
          config("import-job-name"));
  }
}

TEST_CASE("A wrapping key of another type, size or exponent than Google's is refused") {
  const auto with_pem = [](const std::string& name) {
    return refused_edit(
        [&](Json& document) { document["publicKey"]["pem"] = as_text(sample(name).content); });
  };
  CHECK(with_pem("ec-p256.pem") == config("wrapping-key-not-rsa"));
  CHECK(with_pem("rsa-2048.pem") == config("wrapping-key-size"));
  CHECK(with_pem("rsa-2048-e3.pem") == config("wrapping-key-exponent"));
  CHECK(with_pem("rsa-4096.pem") == config("import-method-key-size"));
  auto files = json_file(sample("google-job.json"));
  files.public_key = sample("rsa-4096.pem");
  CHECK(refused(files) == config("wrapping-key-mismatch"));
}

TEST_CASE("Options that contradict the job are refused") {
  const auto files = json_file(sample("google-job.json"));
  const auto with = [&](std::optional<std::string> google::ImportOptions::*member,
                        const char* value) {
    google::ImportOptions options;
    options.*member = value;
    return refused(files, options);
  };
  CHECK(with(&google::ImportOptions::import_method, "rsa-oaep-3072-sha256-aes-256").code.empty());
  CHECK(with(&google::ImportOptions::import_method, "RSA_OAEP_3072_SHA256_AES_256").code.empty());
  CHECK(with(&google::ImportOptions::import_method, "rsa-oaep-3072-sha256") ==
        config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::import_job, "job-8") == config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::project, "other") == config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::location, "global") == config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::keyring, "other") == config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::protection_level, "software") ==
        config("import-job-mismatch"));
  CHECK(with(&google::ImportOptions::parameters_valid_to, "2026-02-15T08:00:00Z") ==
        config("import-job-mismatch"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
