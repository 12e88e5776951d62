// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said of a bundle and of the answers about it: to programs, to the log, as an exit code.
#include "base/error.h"
#include "crypto/digest.h"
#include "imports/verify_import.h"

namespace keyrite::imports {

namespace {

Json check_json(const bundle::Check& check) {
  Json json{{"what", check.what}, {"object", check.object}, {"passed", !check.failure.has_value()}};
  if (check.failure) {
    json["code"] = check.failure->code();
    json["message"] = check.failure->message();
  }
  return json;
}

Json finding_json(const provider::Finding& finding) {
  return {{"file", finding.evidence_file},
          {"what", finding.what},
          {"result", provider::result_name(finding.result)},
          {"basis", provider::basis_name(finding.basis)},
          {"reason", finding.reason},
          {"code", finding.code.empty() ? Json(nullptr) : Json(finding.code)},
          {"named", finding.named.empty() ? Json(nullptr) : Json(finding.named)}};
}

}  // namespace

act::LogFacts log_facts(const bundle::BundleReport& report) {
  std::vector<act::Fact> failed;
  std::vector<act::Fact> compared;
  for (const auto& check : report.checks) {
    if (!check.failure) continue;
    failed.emplace_back(act::Words::code(*check.failure));
    if (const auto& both = check.failure->compared())
      compared.emplace_back(act::facts_of(*both).add("code", act::Words::code(*check.failure)));
  }
  return {{"good", report.good()},
          {"manifest_sha256", act::Fact::sha256(report.manifest_sha256)},
          {"manifest_compared", report.manifest_compared},
          {"core_sha256", act::Fact::sha256(report.manifest.core_sha256)},
          {"key_id", act::Fact::id(report.manifest.key.id)},
          {"checks", report.checks.size()},
          {"failed", failed},
          {"compared", compared}};
}

act::LogFacts log_facts(const AnswersReport& report) {
  std::vector<act::Fact> results;
  for (const auto& finding : report.judgement.findings)
    results.emplace_back(act::Words::of(finding.result));
  std::vector<act::Fact> answers;
  for (const auto& sha256 : report.answers_sha256) answers.emplace_back(act::Fact::sha256(sha256));
  const auto& basis = report.judgement.basis;
  return {{"verdict", act::Words::of(report.judgement.verdict)},
          {"basis", basis ? act::Fact(act::Words::of(*basis)) : act::Fact::none()},
          {"required", act::Words::of(report.required)},
          {"manifest_sha256", act::Fact::sha256(report.bundle.manifest_sha256)},
          {"manifest_compared", report.bundle.manifest_compared},
          {"core_sha256", act::Fact::sha256(report.bundle.manifest.core_sha256)},
          {"key_id", act::Fact::id(report.bundle.manifest.key.id)},
          {"results", results},
          {"answers_sha256", answers}};
}

Json to_json(const bundle::BundleReport& report) {
  Json checks = Json::array();
  for (const auto& check : report.checks) checks.push_back(check_json(check));
  const std::string& core = report.manifest.core_sha256;
  return {{"good", report.good()},
          {"manifest_version", report.manifest.version},
          {"manifest_sha256", report.manifest_sha256},
          {"manifest_compared", report.manifest_compared},
          {"core_sha256", core.empty() ? Json(nullptr) : Json(core)},
          {"cautions", report.cautions()},
          {"checks", checks}};
}

Json to_json(const AnswersReport& report) {
  Json findings = Json::array();
  for (const auto& finding : report.judgement.findings) findings.push_back(finding_json(finding));
  Json skipped = Json::array();
  for (const auto& one : report.skipped) skipped.push_back(one.path);
  const auto& basis = report.judgement.basis;
  return {{"verdict", provider::verdict_name(report.judgement.verdict)},
          {"basis", basis ? Json(provider::basis_name(*basis)) : Json(nullptr)},
          {"manifest_sha256", report.bundle.manifest_sha256},
          {"manifest_compared", report.bundle.manifest_compared},
          {"key", report.bundle.manifest.key.label},
          {"cloud_key", report.bundle.manifest.cloud.key},
          {"required", provider::basis_name(report.required)},
          {"satisfied", provider::satisfies(report.judgement, report.required)},
          {"named_by_answers",
           report.judgement.named.empty() ? Json(nullptr) : Json(report.judgement.named)},
          {"findings", findings},
          {"skipped", skipped}};
}

int exit_code_of(const AnswersReport& report) {
  switch (report.judgement.verdict) {
    case provider::Verdict::kProven:
      return provider::satisfies(report.judgement, report.required)
                 ? 0
                 : static_cast<int>(Kind::kWaiting);
    case provider::Verdict::kConsistentNotProven:
      return static_cast<int>(Kind::kWaiting);
    case provider::Verdict::kDifferent:
      return static_cast<int>(Kind::kVerification);
  }
  throw Error(Kind::kInternal, "value-outside-table", "a judgement has no verdict");
}

}  // namespace keyrite::imports
