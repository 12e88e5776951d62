#include <fmt/format.h>

#include "acts/logged_act.h"
#include "acts/verify_import.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

constexpr unsigned kColumns = 80;

int verify_bundle(const acts::VerifyBundleRequest& request, cli::Run& run) {
  bundle::BundleReport report;
  acts::run_on_files(run.context, acts::intent_of(request), [&] {
    report = acts::verify_bundle(request, run.context.now());
    return acts::log_facts(report);
  });
  std::vector<std::vector<std::string>> rows;
  for (const auto& check : report.checks) {
    rows.push_back(
        {check.failure ? "FAILED" : "good",
         fmt::format("{}: {}", check.what,
                     printable(check.failure ? check.failure->message() : check.object))});
  }
  run.show(format_table(rows, kColumns));
  run.result(acts::to_json(report));
  bundle::require_good(report);
  run.show(fmt::format("bundle {} is good; SHA-256 of its manifest:\n  {}",
                       printable(request.folder), report.manifest_sha256));
  return 0;
}

// What was shown, and no more. Where the key is, nobody can show: that is the provider's word.
std::string subject_of(const acts::AnswersReport& report) {
  const auto& manifest = report.bundle.manifest;
  const auto& judgement = report.judgement;
  const std::string key = fmt::format("key \"{}\"", printable(manifest.key.label));
  if (judgement.verdict != provider::Verdict::kProven) {
    return fmt::format("{} and {}", key, printable(manifest.cloud.key));
  }
  return judgement.basis == provider::Basis::kCryptographic
             ? fmt::format("what answered holds {}", key)
             : fmt::format("the provider says that the cloud key holds {}", key);
}

std::string where_of(const provider::Judgement& judgement) {
  return judgement.named.empty()
             ? "No answer that shows it names a cloud key: where the key is, they do not say."
             : fmt::format(
                   "The answers name {}. Where the key is, is the word of the provider and of "
                   "whoever carried the files.",
                   printable(judgement.named));
}

// What follows from the verdict, for whoever reads it.
void show_meaning(const acts::AnswersReport& report, cli::Run& run) {
  const auto& judgement = report.judgement;
  if (judgement.verdict == provider::Verdict::kProven) run.show(where_of(judgement));
  if (judgement.verdict == provider::Verdict::kProven &&
      judgement.basis == provider::Basis::kProviderStatement) {
    run.show(
        "No answer shows use of the key: it is the provider's statement, and whoever carried the "
        "files could have written them.");
  }
  if (judgement.verdict == provider::Verdict::kProven &&
      !provider::satisfies(judgement, report.required)) {
    run.show("A cryptographic proof was required, and this is none (exit code 7).");
  }
  if (judgement.verdict == provider::Verdict::kDifferent) {
    run.show(
        "What answered does NOT hold the key of this bundle. Do not use that key. First make sure "
        "that these answers belong to this bundle and to no other; if they do, disable the key "
        "version in the cloud and find out who made it.");
  }
}

int judge_answers(const acts::VerifyAnswersRequest& request, cli::Run& run) {
  acts::AnswersReport report;
  acts::run_on_files(run.context, acts::intent_of(request), [&] {
    report = acts::judge_answers(request, run.context.now());
    return acts::log_facts(report);
  });
  for (const auto& finding : report.judgement.findings) {
    run.show(fmt::format("{}: {} ({}): {}", printable(finding.evidence_file),
                         provider::result_name(finding.result), printable(finding.what),
                         printable(finding.reason)));
  }
  for (const auto& folder : report.skipped) {
    run.show(fmt::format("{}: skipped: it is a folder; name it by --evidence to have it judged",
                         printable(folder)));
  }
  const auto& judgement = report.judgement;
  run.show(fmt::format(
      "{}{}: {}", provider::verdict_name(judgement.verdict),
      judgement.basis ? fmt::format(" ({})", provider::basis_name(*judgement.basis)) : "",
      subject_of(report)));
  show_meaning(report, run);
  if (!report.manifest_compared) {
    run.show(fmt::format(
        "The verdict is about the bundle as it lies here, manifest SHA-256 {}: compare that with "
        "the protocol of the ceremony, or give it by --expect-manifest.",
        report.bundle.manifest_sha256));
  }
  run.result(acts::to_json(report));
  return acts::exit_code_of(report);
}

cli::Tool tool() {
  return {cli::kVerifyImport,
          {{.name = "bundle",
            .summary = "check a bundle before it leaves the room",
            .description =
                "Checks from its files alone that a bundle is whole and right: every file, its "
                "size and SHA-256, the "
                "form of the wrapped key, the wrapping key, custody, expiry. No token, no network.",
            .examples = {{"check a bundle", "keyrite verify-import bundle acme-payments-v3.aws"}},
            .site = cli::SiteAccess::kLogged,
            .prepare = cli::prepare_with(verify_bundle)},
           {.name = "answers",
            .summary = "judge what the cloud answered",
            .description = "Compares what the cloud answered after the import with what only the "
                           "key of this bundle gives. The "
                           "verdict is one of: proven (exit 0), consistent but not proven (exit "
                           "7), different (exit 6). Proven takes an answer that shows use of the "
                           "key; only for an AWS encryption key is the provider's statement "
                           "enough, unless --require says otherwise. No token, no network.",
            .examples = {{"judge the answers that import.sh saved",
                          "keyrite verify-import answers acme-payments-v3.aws \\\n    --evidence "
                          "acme-payments-v3.aws.answers"}},
            .site = cli::SiteAccess::kLogged,
            .prepare = cli::prepare_with(judge_answers)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
