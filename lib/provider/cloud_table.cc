// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/cloud_table.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "provider/aws/destination.h"
#include "provider/aws/judge.h"
#include "provider/aws/key_material.h"
#include "provider/azure/destination.h"
#include "provider/azure/judge.h"
#include "provider/google/destination.h"
#include "provider/google/judge.h"
#include "provider/name_form.h"
#include "provider/rule_tables.h"

namespace keyrite::provider {
namespace {

// Of a cloud whose answers are judged one by one.
template <Finding (*Judge)(const Expected&, const JsonEvidence&)>
std::vector<Finding> judge_each(const Expected& expected, const std::vector<JsonEvidence>& files) {
  std::vector<Finding> findings;
  for (const JsonEvidence& file : files) findings.push_back(Judge(expected, file));
  return findings;
}

std::optional<Finding> no_binary(const Expected& /*expected*/, const std::string& /*file*/,
                                 ByteView /*content*/) {
  return std::nullopt;
}

std::optional<Finding> google_attestation(const Expected& expected, const std::string& file,
                                          ByteView content) {
  if (!google::is_attestation_file(content)) return std::nullopt;
  return google::judge_attestation_file(expected, file);
}

std::string aws_name(std::string_view name) { return std::string(aws::bare_id(name)); }
std::string same_name(std::string_view name) { return std::string(name); }

const std::array<Cloud, 3>& clouds() {
  static const std::array<Cloud, 3> table{
      {{.provider = Provider::kAws,
        .wrapping_key_sizes = {2048, 3072, 4096},
        .refusing_code = "InvalidCiphertextException",
        .make_key_rules = aws::make_key_rules,
        .complete = aws::complete,
        .make_steps = aws::make_steps,
        .preparation = aws::preparation,
        .judge_answers = aws::judge_answers,
        .judge_binary = no_binary,
        .is_bundle_key = aws::is_bundle_key,
        .normal_name = aws_name},
       {.provider = Provider::kAzure,
        .wrapping_key_sizes = {2048, 3072, 4096},
        .refusing_code = "BadParameter",  // of every request that it does not like
        .make_key_rules = azure::make_key_rules,
        .complete = azure::complete,
        .make_steps = azure::make_steps,
        .preparation = azure::preparation,
        .judge_answers = judge_each<azure::judge_answer>,
        .judge_binary = no_binary,
        .is_bundle_key = azure::is_bundle_key,
        .normal_name = lower_case},
       {.provider = Provider::kGoogle,
        .wrapping_key_sizes = {3072, 4096},
        .refusing_code = "INVALID_ARGUMENT",  // of every request that it does not like
        .make_key_rules = google::make_key_rules,
        .complete = google::complete,
        .make_steps = google::make_steps,
        .preparation = google::preparation,
        .judge_answers = judge_each<google::judge_answer>,
        .judge_binary = google_attestation,
        .is_bundle_key = google::is_bundle_key,
        .normal_name = same_name}}};
  return table;
}

}  // namespace

const Cloud& cloud_of(Provider provider) {
  const auto& table = clouds();
  const auto* const row = std::find_if(table.begin(), table.end(),
                                       [&](const Cloud& one) { return one.provider == provider; });
  if (row == table.end())
    throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
  return *row;
}

}  // namespace keyrite::provider
