#include "provider/evidence.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "provider/answer_check.h"
#include "provider/aws/judge.h"
#include "provider/azure/judge.h"
#include "provider/google/judge.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kPemMark = "-----BEGIN ";

std::string_view text_of(const Bytes& content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

// Raw answers are random bytes, which may begin like JSON; but no JSON holds control characters,
// and none so short as a raw answer has any business with other scripts.
bool is_text(const Bytes& content) {
  constexpr std::size_t kLongestRaw = 144;  // an ECDSA signature of P-521
  return std::none_of(content.begin(), content.end(), [&](std::uint8_t byte) {
    const bool control = byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n';
    return control || byte == 0x7f || (byte >= 0x80 && content.size() <= kLongestRaw);
  });
}

bool looks_like_json(const Bytes& content) {
  if (!is_text(content)) {
    return false;
  }
  const auto first = std::find_if(content.begin(), content.end(), [](std::uint8_t byte) {
    return byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
  });
  return first != content.end() && (*first == '{' || *first == '[');
}

// One PEM public key. An attestation's certificates are PEM too.
Finding judge_pem(Subject subject, const Bytes& content) {
  subject.what = "public key (PEM)";
  if (text_of(content).find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    subject.what = "certificates";
    return subject.not_proof(
        "certificates belong to an attestation, and attestations are not judged by this version");
  }
  try {
    return check_public_key(subject, crypto::PublicKey::from_pem(text_of(content), subject.file));
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

std::optional<crypto::PublicKey> der_public_key(const Subject& subject, const Bytes& content) {
  try {
    return crypto::PublicKey::from_spki(content, subject.file);
  } catch (const Error&) {
    return std::nullopt;  // a raw answer may begin with any byte
  }
}

Finding judge_binary(Subject subject, const Bytes& content) {
  const Expected& expected = *subject.expected;
  if (expected.provider == Provider::kGoogle && google::is_attestation_file(content)) {
    return google::judge_attestation_file(expected, subject.file);
  }
  if (expected.provider == Provider::kAws) {
    if (const auto finding = aws::judge_error_text(expected, subject.file, text_of(content))) {
      return *finding;
    }
  }
  if (const auto key = der_public_key(subject, content)) {
    subject.what = "public key (DER)";
    return check_public_key(subject, *key);
  }
  subject.what = "raw answer";
  return check_raw(subject, content);
}

std::vector<Finding> judge_json(const Expected& expected, const std::vector<JsonEvidence>& files) {
  if (expected.provider == Provider::kAws) {
    return aws::judge_answers(expected, files);
  }
  std::vector<Finding> findings;
  for (const JsonEvidence& file : files) {
    findings.push_back(expected.provider == Provider::kAzure
                           ? azure::judge_answer(expected, file)
                           : google::judge_answer(expected, file));
  }
  return findings;
}

// Findings in the order of the files; JSON documents are judged together, since one may complete
// another.
std::vector<Finding> judge_files(const Expected& expected, const std::vector<InputFile>& evidence) {
  std::vector<std::optional<Finding>> findings(evidence.size());
  std::vector<JsonEvidence> documents;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const Bytes& content = evidence[i].content;
    const Subject subject{&expected, evidence[i].name, "file"};
    if (content.empty()) {
      findings[i] = subject.unreadable("it is empty");
    } else if (looks_like_json(content)) {
      try {
        documents.push_back({evidence[i].name, parse_json(content, evidence[i].name)});
        places.push_back(i);
      } catch (const Error& error) {
        findings[i] = Subject{&expected, evidence[i].name, "JSON"}.unreadable(error);
      }
    } else if (text_of(content).find(kPemMark) != std::string_view::npos) {
      findings[i] = judge_pem(subject, content);
    } else {
      findings[i] = judge_binary(subject, content);
    }
  }
  const std::vector<Finding> judged = judge_json(expected, documents);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    findings[places[i]] = judged[i];
  }
  std::vector<Finding> all;
  for (auto& finding : findings) {
    all.push_back(std::move(*finding));
  }
  return all;
}

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
              "not one of the evidence files can be read: " + reasons,
              "save the cloud's answers as the bundle's README.txt says");
}

// "KEY" and "KEY/VERSION" may be one and the same; two versions may not.
bool may_be_same(const std::string& one, const std::string& other) {
  const auto within = [](const std::string& inner, const std::string& outer) {
    return inner.substr(0, outer.size() + 1) == outer + "/";
  };
  return one == other || within(one, other) || within(other, one);
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
    finding.reason += "; but it names " + in_quotes(finding.named) +
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

}  // namespace

std::string_view result_name(Result result) {
  switch (result) {
    case Result::kEqual:
      return "equal";
    case Result::kDifferent:
      return "different";
    case Result::kNotProof:
      return "not proof";
    case Result::kContradicts:
      return "contradicts";
    case Result::kUnreadable:
      break;
  }
  return "unreadable";
}

std::string_view basis_name(Basis basis) {
  return basis == Basis::kCryptographic ? "cryptographic" : "provider statement";
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kProven:
      return "proven";
    case Verdict::kDifferent:
      return "different";
    case Verdict::kConsistentNotProven:
      break;
  }
  return "consistent but not proven";
}

Judgement judge(const Expected& expected, const std::vector<InputFile>& evidence) {
  if (evidence.empty()) {
    throw Error(Kind::kUsage, "evidence-missing", "there is no evidence to judge",
                "name the files with the cloud's answers by --evidence");
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
  const auto equal = strongest(judgement.findings, Result::kEqual);
  if (equal && !some(judgement.findings, Result::kContradicts)) {
    judgement.verdict = Verdict::kProven;
    judgement.basis = equal;
    judgement.names_cloud_key =
        !expected.cloud_key.empty() &&
        std::any_of(judgement.findings.begin(), judgement.findings.end(),
                    [](const Finding& finding) {
                      return finding.result == Result::kEqual && !finding.named.empty();
                    });
  }
  return judgement;
}

}  // namespace keyrite::provider
