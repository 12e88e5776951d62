// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/cloud_table.h"

#include "provider/aws/destination.h"
#include "provider/aws/judge.h"
#include "provider/aws/key_material.h"
#include "provider/aws/recorded.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::aws {

namespace {

std::optional<Finding> no_binary(const Expected& /*expected*/, const std::string& /*file*/,
                                 ByteView /*content*/) {
  return std::nullopt;
}

std::string nothing_in_payload(const RecordedImport& /*import*/, std::string_view /*generator*/,
                               const std::vector<FolderFile>& /*files*/) {
  return {};
}

std::vector<std::string> nothing_unverified(const RecordedImport& /*import*/) { return {}; }

std::string no_other_words(const RecordedImport& /*import*/, std::string_view /*script*/) {
  return {};
}

std::string bare_name(std::string_view name) { return std::string(bare_id(name)); }

}  // namespace

Cloud cloud() {
  return {.provider = Provider::kAws,
          .wrapping_key_sizes = {2048, 3072, 4096},
          .refusing_code = "InvalidCiphertextException",
          .parameters_lifetime = std::chrono::hours(24),
          .expiry_member = "valid_to",
          .json_option =
              "--output json of aws (AWS_DEFAULT_OUTPUT and its configuration may say "
              "otherwise)",
          .json_command = "aws kms ... --output json",
          .other_clients = {{"AWS Tools for PowerShell", {"ResponseMetadata", "ContentLength"}},
                            {"Terraform", {"key_material_base64"}}},
          .answer_suffix = ".json",
          .why_no_answer =
              "AWS does not publish the format of its ciphertexts, so no answer can be "
              "computed outside; re-import the same key from a verification bundle",
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
          .unverified_names = nothing_unverified,
          .command_options = {{"key", "--key-id"},
                              {"region", "--region"},
                              {"expiration_model", "--expiration-model"},
                              {"valid_to", "--valid-to"},
                              {"import_type", "--import-type"},
                              {"key_material_id", "--key-material-id"}},
          .words_contradiction = no_other_words,
          .judge_answers = judge_answers,
          .judge_binary = no_binary,
          .is_bundle_key = is_bundle_key,
          .normal_name = bare_name};
}

}  // namespace keyrite::provider::aws
