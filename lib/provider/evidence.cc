#include "provider/evidence.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "provider/cloud_name.h"
#include "provider/evidence_files.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

void require_some_readable(const std::vector<Finding>& findings) {
  std::string reasons;
  for (const Finding& finding : findings) {
    if (finding.result != Result::kUnreadable) {
      return;
    }
    reasons +=
        (reasons.empty() ? "" : "; ") + printable(finding.evidence_file) + ": " + finding.reason;
  }
  throw Error(Kind::kConfig, "evidence-unreadable",
              "keyrite can read none of the evidence files: " + reasons,
              "save the cloud's answers as README.txt of the bundle says");
}

// Answers about two versions of a key are answers about two keys: none of them counts for the
// other. A finding that differs stays.
void hold_names_together(std::vector<Finding>& findings) {
  std::set<std::string> names;
  for (const Finding& finding : findings) {
    if (!finding.named.empty()) names.insert(finding.named);
  }
  const auto is_odd = [&](const std::string& name) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& other) { return !may_be_same(name, other); });
  };
  for (Finding& finding : findings) {
    if (finding.named.empty() || finding.result == Result::kDifferent || !is_odd(finding.named)) {
      continue;
    }
    finding.result = Result::kContradicts;
    finding.basis = Basis::kProviderStatement;
    finding.reason += "; however, it names " + in_quotes(finding.named) +
                      ", and not all files name the same key version";
  }
}

bool some(const std::vector<Finding>& findings, Result result) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.result == result; });
}

std::optional<Basis> strongest(const std::vector<Finding>& findings, Result result) {
  std::optional<Basis> basis;
  for (const Finding& finding : findings) {
    if (finding.result == result && basis != Basis::kCryptographic) {
      basis = finding.basis;
    }
  }
  return basis;
}

// What the equal answers name, the longest: with a version where one of them names it.
std::string named_by_equal(const std::vector<Finding>& findings) {
  std::string named;
  for (const Finding& finding : findings) {
    if (finding.result == Result::kEqual && finding.named.size() > named.size()) {
      named = finding.named;
    }
  }
  return named;
}

// The one version that the files name; empty where they name none, several, or where one of them
// contradicts.
std::string version_named(const Expected& expected, const std::vector<Finding>& findings) {
  if (expected.cloud_key.empty() || some(findings, Result::kContradicts)) return {};
  std::set<std::string> versions;
  for (const Finding& finding : findings) {
    if (expected.provider == Provider::kAws) {
      if (!finding.material.empty()) versions.insert(finding.material);
    } else if (finding.named.size() > expected.cloud_key.size()) {
      versions.insert(finding.named);
    }
  }
  return versions.size() == 1 ? *versions.begin() : std::string();
}

}  // namespace

Judgement judge(const Expected& expected, const std::vector<InputFile>& evidence) {
  if (evidence.empty()) {
    throw Error(Kind::kUsage, "evidence-missing", "no evidence is given",
                "give the files with the cloud's answers with --evidence");
  }
  Judgement judgement;
  judgement.findings = judge_files(expected, evidence);
  require_some_readable(judgement.findings);
  hold_names_together(judgement.findings);
  if (const auto basis = strongest(judgement.findings, Result::kDifferent)) {
    judgement.verdict = Verdict::kDifferent;
    judgement.basis = basis;
    return judgement;
  }
  judgement.version = version_named(expected, judgement.findings);
  const auto equal = strongest(judgement.findings, Result::kEqual);
  if (equal && !some(judgement.findings, Result::kContradicts)) {
    judgement.verdict = Verdict::kProven;
    judgement.basis = equal;
    judgement.named = expected.cloud_key.empty() ? "" : named_by_equal(judgement.findings);
    if (expected.provider == Provider::kAws && !judgement.named.empty()) {
      judgement.named = expected.cloud_key;
    }
  }
  return judgement;
}

}  // namespace keyrite::provider
