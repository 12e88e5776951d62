// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/cloud_table.h"

#include "provider/google/destination.h"
#include "provider/google/judge.h"
#include "provider/google/recorded.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::google {

namespace {

// Answers are judged one by one.
std::vector<Finding> judge_each(const Expected& expected, const std::vector<JsonEvidence>& files) {
  std::vector<Finding> findings;
  for (const JsonEvidence& file : files) findings.push_back(judge_answer(expected, file));
  return findings;
}

std::optional<Finding> judge_attestation(const Expected& expected, const std::string& file,
                                         ByteView content) {
  if (!is_attestation_file(content)) return std::nullopt;
  return judge_attestation_file(expected, file);
}

std::string nothing_in_payload(const RecordedImport& /*import*/, std::string_view /*generator*/,
                               const std::vector<FolderFile>& /*files*/) {
  return {};
}

// The import job is named by the last part of its name.
std::string job_in_script(const RecordedImport& import, std::string_view script) {
  const JsonView parameters(import.import_parameters, "import_parameters");
  const std::string job = parameters.text("import_job");
  return option_contradiction(script, "--import-job", job.substr(job.rfind('/') + 1));
}

std::string same_name(std::string_view name) { return std::string(name); }

}  // namespace

Cloud cloud() {
  return {.provider = Provider::kGoogle,
          .wrapping_key_sizes = {3072, 4096},
          .refusing_code = "INVALID_ARGUMENT",  // of every request that it does not like
          .parameters_lifetime = std::chrono::hours(3 * 24),
          .expiry_member = "expires",
          .json_option = "--format=json of gcloud",
          .json_command = "gcloud kms ... --format=json",
          .other_clients = {{"a protobuf library with its own names", {"import_method"}},
                            {"a protobuf library with its own names", {"protection_level"}},
                            {"a protobuf library with its own names", {"pem_crc32c"}},
                            {"Terraform", {"key_ring", "import_method"}}},
          .answer_suffix = ".bin",  // gcloud writes raw bytes to files
          .why_no_answer =
              "Google ciphertexts contain hidden metadata, so no answer can be "
              "computed outside; only an attestation of an HSM key version could "
              "show that the keys are equal",
          .make_key_rules = make_key_rules,
          .make_wrapping_choices = make_wrapping_choices,
          .locate = locate,
          .complete = complete,
          .make_steps = make_steps,
          .preparation = preparation,
          .fetched_files = fetched_files,
          .make_fetch = make_fetch,
          .add_target = add_target,
          .payload_files = payload_files,
          .check_payload = check_payload,
          .payload_contradiction = nothing_in_payload,
          .parameters_contradiction = parameters_contradiction,
          .names_contradiction = names_contradiction,
          .unverified_names = unverified_names,
          .command_options = {{"project", "--project"},
                              {"location", "--location"},
                              {"keyring", "--keyring"},
                              {"key", "--key"},
                              {"algorithm", "--algorithm"},
                              {"purpose", "--purpose"},
                              {"protection_level", "--protection-level"}},
          .words_contradiction = job_in_script,
          .judge_answers = judge_each,
          .judge_binary = judge_attestation,
          .is_bundle_key = is_bundle_key,
          .normal_name = same_name};
}

}  // namespace keyrite::provider::google
