#include "provider/evidence.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "provider/answer_check.h"
#include "provider/answer_record.h"
#include "provider/aws/judge.h"
#include "provider/cloud_name.h"
#include "provider/cloud_table.h"
#include "provider/file_form.h"
#include "provider/name_form.h"
#include "provider/refusal.h"

namespace keyrite::provider {
namespace {

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

// The bytes of one word of hex or base64, as people bring raw answers; empty when it is none.
Bytes decoded_text(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const std::string word(text.substr(first, last + 1 - first));
  for (const bool hex : {true, false}) {
    try {
      return hex ? from_hex(word) : from_base64_any(word, "text");
    } catch (const Error&) {
      continue;
    }
  }
  return {};
}

// One PEM public key. An attestation's certificates are PEM too.
Finding judge_pem(Subject subject, const Bytes& content) {
  subject.what = "public key (PEM)";
  if (text_of(content).find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    subject.what = "certificates";
    return subject.not_proof(
        "certificates belong to an attestation, and this version of keyrite does not judge "
        "attestations");
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

// Raw bytes that are text are an answer only when they are the right one.
Finding judge_text(Subject subject, const Bytes& content) {
  const Provider provider = subject.expected->provider;
  if (provider == Provider::kAws) {
    const auto finding = aws::judge_error_text(*subject.expected, subject.file, as_text(content));
    if (finding) return *finding;
  }
  subject.what = "raw answer";
  for (const Bytes& bytes : {content, decoded_text(text_of(content))}) {
    Finding raw = check_raw(subject, bytes);
    if (raw.result == Result::kEqual) return raw;
  }
  subject.what = "text";
  if (const auto form = foreign_form(content, provider)) {
    return subject.unreadable(*form);
  }
  return subject.unreadable(ForeignForm{"file-text", "it contains only text, which no answer does",
                                        "give the file exactly as the client wrote it"});
}

Finding judge_binary(Subject subject, const Bytes& content) {
  const Expected& expected = *subject.expected;
  const auto form = foreign_form(content, expected.provider);
  if (form || is_text_throughout(content)) return judge_text(subject, content);
  if (auto finding = cloud_of(expected.provider).judge_binary(expected, subject.file, content)) {
    return *std::move(finding);
  }
  if (const auto key = der_public_key(subject, content)) {
    subject.what = "public key (DER)";
    return check_public_key(subject, *key);
  }
  subject.what = "raw answer";
  return check_raw(subject, content);
}

// By what import.sh recorded: which key version a file that names none is of.
Finding judge_unnamed(const Expected& expected, const InputFile& file, const Origins& origins) {
  Subject subject{&expected, file.name, "file"};
  if (const auto origin = origins.find(crypto::sha256_hex(file.content)); origin != origins.end()) {
    if (!names_bundle_key(expected, origin->second)) return other_key(subject, origin->second);
    subject.named = normal_name(expected.provider, origin->second);
  }
  return is_pem(text_of(file.content)) ? judge_pem(subject, file.content)
                                       : judge_binary(subject, file.content);
}

// The documents among the files, each with the place of its file.
struct Documents {
  std::vector<JsonEvidence> answers{};  // of a cloud
  std::vector<std::size_t> answer_places{};
  std::vector<JsonEvidence> records{};  // keyrite-answers, by import.sh
  std::vector<std::size_t> record_places{};
  std::vector<JsonEvidence> refusals{};  // keyrite-refusal, of a challenge
  std::vector<std::size_t> refusal_places{};

  void add(JsonEvidence document, std::size_t place) {
    const bool refusal = is_refused_challenge(document.view());
    const bool record = is_answer_record(document.view());
    (record ? records : refusal ? refusals : answers).push_back(std::move(document));
    (record ? record_places : refusal ? refusal_places : answer_places).push_back(place);
  }
};

using Places = std::vector<std::optional<Finding>>;  // one per file, in the order of the files

Documents read_documents(const Expected& expected, const std::vector<InputFile>& evidence,
                         Places& findings) {
  Documents documents;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!looks_like_json(evidence[i].content)) continue;
    try {
      documents.add({evidence[i].name, parse_json(evidence[i].content, evidence[i].name), {}}, i);
    } catch (const Error& error) {
      findings[i] = Subject{&expected, evidence[i].name, "JSON"}.unreadable(error);
    }
  }
  return documents;
}

bool shows_use_of_key(const Places& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding && finding->result == Result::kEqual && finding->basis == Basis::kCryptographic;
  });
}

// Findings in the order of the files. JSON documents are judged together, since one may complete
// another; refusals last, since an answer by the key says what a refusal beside it means.
std::vector<Finding> judge_files(const Expected& expected, const std::vector<InputFile>& evidence) {
  Places findings(evidence.size());
  Documents documents = read_documents(expected, evidence, findings);
  Origins origins;
  for (std::size_t i = 0; i < documents.records.size(); ++i) {
    findings[documents.record_places[i]] = read_record(expected, documents.records[i], origins);
  }
  for (std::size_t i = 0; i < documents.answers.size(); ++i) {
    const auto origin =
        origins.find(crypto::sha256_hex(evidence[documents.answer_places[i]].content));
    if (origin != origins.end()) documents.answers[i].recorded = origin->second;
  }
  const std::vector<Finding> judged =
      cloud_of(expected.provider).judge_answers(expected, documents.answers);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    findings[documents.answer_places[i]] = judged[i];
  }
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (!looks_like_json(evidence[i].content)) {
      findings[i] = judge_unnamed(expected, evidence[i], origins);
    }
  }
  const bool used = shows_use_of_key(findings);
  for (std::size_t i = 0; i < documents.refusals.size(); ++i) {
    findings[documents.refusal_places[i]] =
        judge_refused_challenge(expected, documents.refusals[i], used);
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

}  // namespace

std::string_view result_name(Result result) {
  switch (result) {
    case Result::kEqual:
      return "equal";
    case Result::kConsistent:
      return "consistent";
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

Basis parse_basis(std::string_view name) {
  if (name == "cryptographic") return Basis::kCryptographic;
  if (name == "statement") return Basis::kProviderStatement;
  throw Error(Kind::kUsage, "basis-unknown", "keyrite does not know the basis " + in_quotes(name),
              "give cryptographic or statement");
}

bool satisfies(const Judgement& judgement, Basis required) {
  return judgement.verdict == Verdict::kProven &&
         (required == Basis::kProviderStatement || judgement.basis == Basis::kCryptographic);
}

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
