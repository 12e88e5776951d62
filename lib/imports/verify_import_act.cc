// verify-import's two acts, on files alone: how a bundle's checks and a verdict are shown.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "base/counted.h"
#include "base/screen.h"
#include "base/text.h"
#include "imports/verdict_rows.h"
#include "imports/verify_import.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::imports {

namespace {

act::Outcome checked(const VerifyBundleRequest& request, act::AtWork& at) {
  const auto report = verify_bundle(request, at.context().now());
  const auto failed = std::ranges::count_if(
      report.checks, [](const auto& check) { return check.failure.has_value(); });
  std::vector<std::vector<std::string>> rows;
  for (const auto& check : report.checks) {
    rows.push_back(
        {check.failure ? "  FAILED" : "  good",
         fmt::format("{}: {}", check.what,
                     printable(check.failure ? check.failure->message() : check.object))});
  }
  const std::string verdict = failed == 0
                                  ? std::string("verdict: good")
                                  : fmt::format("verdict: NOT good, {} of {} failed", failed,
                                                counted(report.checks.size(), "check"));
  std::vector<std::string> good{
      fmt::format("SHA-256 of the manifest of {}", printable(request.folder)),
      hex_lines(report.manifest_sha256)};
  for (const auto& caution : report.cautions()) good.push_back(caution);
  return {.document = to_json(report),
          .text = {verdict, format_table(rows)},
          .facts = log_facts(report),
          .finding = bundle::first_failure(report),
          .text_if_good = std::move(good)};
}

// What was shown, and no more. Where the key is, nobody can show: that is the provider's word.
std::string subject_of(const AnswersReport& report) {
  const auto& manifest = report.bundle.manifest;
  const auto& judgement = report.judgement;
  const std::string key = fmt::format("key \"{}\"", printable(manifest.key.label));
  if (judgement.verdict != provider::Verdict::kProven) {
    return fmt::format("{} and {}", key, printable(manifest.cloud.key));
  }
  return judgement.basis == provider::Basis::kCryptographic
             ? fmt::format("the key that answered is {}", key)
             : fmt::format("the provider states that the cloud key holds {}", key);
}

std::string where_of(const provider::Judgement& judgement) {
  return judgement.named.empty() ? "None of the answers that prove this names a cloud key, so they "
                                   "do not say where the key is."
                                 : fmt::format(
                                       "The answers name {}. That the key is there is a statement "
                                       "of the provider, and of whoever carried the files.",
                                       printable(judgement.named));
}

bool too_weak(const AnswersReport& report) {
  return report.judgement.verdict == provider::Verdict::kProven &&
         !provider::satisfies(report.judgement, report.required);
}

// What follows from the verdict, for whoever reads it.
void show_meaning(const AnswersReport& report, std::vector<std::string>& text) {
  const auto& judgement = report.judgement;
  if (judgement.verdict == provider::Verdict::kProven) text.emplace_back(where_of(judgement));
  if (judgement.verdict == provider::Verdict::kProven &&
      judgement.basis == provider::Basis::kProviderStatement) {
    text.emplace_back(
        "No answer shows use of the key. The verdict relies on the provider's statement, and "
        "whoever carried the files could have written that.");
  }
  if (too_weak(report)) {
    text.emplace_back("A cryptographic proof was required, and this is not one (exit code 7).");
  }
  if (judgement.verdict == provider::Verdict::kDifferent) {
    text.emplace_back(
        judgement.basis == provider::Basis::kCryptographic
            ? "The key of this bundle does NOT give that answer. Another key gave it, or was asked "
              "something else, or whoever carried the file wrote it."
            : "By the provider's word, which whoever carried the files could have written, the "
              "cloud key is NOT the key of this bundle.");
    text.emplace_back(
        "Do not use the cloud key. First make sure that these answers belong to this bundle and to "
        "no other. If they do, disable the key version in the cloud and find out who made it.");
  }
}

// In the registry too, where it knows the bundle.
void record_verdict(act::Outcome& outcome, const site::Site& site, const AnswersReport& report) {
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto recorded = recorded_verdict(*registry.read().operator->(), report);
  if (!recorded) return;
  outcome.document["placement"] = to_json(*recorded);
  outcome.text.push_back(text_of(*recorded));
  outcome.registry = rows_of(*recorded, report);
  outcome.finding = alarm_of(*recorded, report.judgement.verdict);
}

std::string_view result_text(provider::Result result) {
  return result == provider::Result::kNotProof ? "says nothing about the key"
                                               : provider::result_name(result);
}

void show_files(const AnswersReport& report, std::vector<std::string>& text) {
  for (const auto& finding : report.judgement.findings) {
    text.push_back(fmt::format("{}: {} ({}): {}", printable(finding.evidence_file),
                               result_text(finding.result), printable(finding.what),
                               printable(finding.reason)));
  }
  for (const auto& one : report.skipped)
    text.push_back(fmt::format("{}: skipped, because {}", printable(one.path), one.why));
}

// One answer shows use of the key, and another one speaks against it.
bool contradict(const provider::Judgement& judgement) {
  const auto has = [&](provider::Result result) {
    return std::ranges::find(judgement.findings, result, &provider::Finding::result) !=
           judgement.findings.end();
  };
  return has(provider::Result::kEqual) &&
         (has(provider::Result::kDifferent) || has(provider::Result::kContradicts));
}

act::Outcome judged(const VerifyAnswersRequest& request, act::AtWork& at) {
  const auto report = judge_answers(request, at.context().now());
  const auto& judgement = report.judgement;
  std::vector<std::string> text{fmt::format(
      "verdict: {}{}{}", provider::verdict_name(judgement.verdict),
      judgement.basis ? fmt::format(" ({})", provider::basis_name(*judgement.basis)) : "",
      too_weak(report) ? ", and more was required" : "")};
  std::vector<std::string> reasons{subject_of(report)};
  show_meaning(report, reasons);
  if (contradict(judgement))
    reasons.emplace_back("the answers contradict each other; are they of two keys?");
  show_files(report, reasons);
  for (const auto& reason : reasons) text.push_back("  " + reason);
  if (!report.bundle.manifest_compared) {
    text.push_back(
        fmt::format("The verdict applies to the bundle with the manifest SHA-256 {}. Compare that "
                    "value with the protocol of the ceremony, or give it with --expect-manifest.",
                    report.bundle.manifest_sha256));
  }
  act::Outcome outcome{.document = to_json(report),
                       .text = std::move(text),
                       .facts = log_facts(report),
                       .code = exit_code_of(report)};
  if (at.context().site) record_verdict(outcome, at.context().site->site, report);
  return outcome;
}

}  // namespace

act::Act verify_import_bundle(const VerifyBundleRequest& request) {
  return {approval::operation_named("verify-import"), [request](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = intent_of(request),
                .perform = [request](act::AtWork& at) { return checked(request, at); }};
          }};
}

act::Act verify_import_answers(const VerifyAnswersRequest& request) {
  return {approval::operation_named("verify-import"), [request](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = intent_of(request),
                .perform = [request](act::AtWork& at) { return judged(request, at); }};
          }};
}

}  // namespace keyrite::imports
