// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/cloud_table.h"

#include <fmt/format.h>

#include "provider/azure/destination.h"
#include "provider/azure/judge.h"
#include "provider/azure/recorded.h"
#include "provider/name_form.h"
#include "provider/rule_tables.h"

namespace keyrite::provider::azure {

namespace {

// Answers are judged one by one.
std::vector<Finding> judge_each(const Expected& expected, const std::vector<JsonEvidence>& files) {
  std::vector<Finding> findings;
  for (const JsonEvidence& file : files) findings.push_back(judge_answer(expected, file));
  return findings;
}

std::optional<Finding> no_binary(const Expected& /*expected*/, const std::string& /*file*/,
                                 ByteView /*content*/) {
  return std::nullopt;
}

// The operations are one word each behind one option.
std::string operations_in_script(const RecordedImport& import, std::string_view script) {
  const auto ops = command_value(import, "ops");
  return ops && script.find(fmt::format(" --ops {} --", *ops)) == std::string_view::npos
             ? "import.sh does not request the operations that the manifest lists"
             : std::string();
}

}  // namespace

Cloud cloud() {
  return {.provider = Provider::kAzure,
          .wrapping_key_sizes = {2048, 3072, 4096},
          .refusing_code = "BadParameter",  // of every request that it does not like
          .expiry_member = "expires",
          .json_option =
              "--output json of az (AZURE_CORE_OUTPUT and its configuration may say "
              "otherwise)",
          .json_command = "az keyvault key show ... --output json",
          .other_clients = {{"Az PowerShell", {"Key", "Attributes"}},
                            {"Az PowerShell", {"Key", "VaultName"}},
                            {"Az PowerShell", {"Key", "Id"}},
                            {"Azure Resource Manager", {"properties", "type"}},
                            {"Azure Resource Manager", {"keyUriWithVersion"}},
                            {"Terraform", {"public_key_pem"}},
                            {"Terraform", {"key_vault_id"}}},
          .answer_suffix = ".json",
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
          .payload_contradiction = payload_contradiction,
          .parameters_contradiction = parameters_contradiction,
          .names_contradiction = names_contradiction,
          .unverified_names = unverified_names,
          .command_options = {{"vault", "--vault-name"},
                              {"hsm", "--hsm-name"},
                              {"name", "--name"},
                              {"kty", "--kty"},
                              {"curve", "--curve"},
                              {"expires", "--expires"}},
          .words_contradiction = operations_in_script,
          .judge_answers = judge_each,
          .judge_binary = no_binary,
          .is_bundle_key = is_bundle_key,
          .normal_name = lower_case};
}

}  // namespace keyrite::provider::azure
