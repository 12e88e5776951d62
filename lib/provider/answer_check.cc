#include "provider/answer_check.h"

#include <set>

#include "crypto/digest.h"
#include "provider/name_form.h"

namespace keyrite::provider {

namespace {

constexpr std::string_view kDecryptSuffix = "-decrypt";
constexpr std::string_view kAgreement = "ecdh";

std::string lengths_of(const std::vector<const ExpectedAnswer*>& answers) {
  std::set<std::size_t> lengths;
  for (const ExpectedAnswer* answer : answers) {
    lengths.insert(answer->answer_bytes);
  }
  std::string text;
  for (const std::size_t length : lengths) {
    text += (text.empty() ? "" : " or ") + std::to_string(length);
  }
  return text;
}

// The expected answers that `answer` may be; a Finding when its own words rule all of them out.
struct Candidates {
  std::vector<const ExpectedAnswer*> rows{};
  std::optional<Finding> ruled_out{};
};

Candidates candidates_for(const Subject& subject, const Answer& answer,
                          const ConsideredId& considered) {
  Candidates found;
  for (const ExpectedAnswer& row : subject.expected->answers) {
    if (considered(row.id)) {
      found.rows.push_back(&row);
    }
  }
  if (found.rows.empty()) {
    found.ruled_out = subject.not_proof("the bundle expects no answer of this type");
    return found;
  }
  if (!answer.algorithm.empty()) {
    std::string asked = found.rows.front()->algorithm;
    std::erase_if(found.rows,
                  [&](const ExpectedAnswer* row) { return row->algorithm != answer.algorithm; });
    if (found.rows.empty()) {
      found.ruled_out = subject.not_proof("it was made with " + in_quotes(answer.algorithm) +
                                          ", but the bundle asks for " + asked);
      return found;
    }
  }
  if (!answer.iv.empty()) {
    const std::string asked = found.rows.front()->iv;
    std::erase_if(found.rows, [&](const ExpectedAnswer* row) { return row->iv != answer.iv; });
    if (found.rows.empty()) {
      found.ruled_out = subject.not_proof("it was made with the IV " + in_quotes(answer.iv) +
                                          ", but the IV in the bundle is " + asked);
    }
  }
  return found;
}

}  // namespace

bool any_id(std::string_view) { return true; }

bool is_decryption(std::string_view id) {
  return id.size() > kDecryptSuffix.size() &&
         id.substr(id.size() - kDecryptSuffix.size()) == kDecryptSuffix;
}

bool is_agreement(std::string_view id) { return id == kAgreement; }

bool is_no_decryption(std::string_view id) { return !is_decryption(id) && !is_agreement(id); }

Finding check_answer(const Subject& subject, const Answer& answer, const ConsideredId& considered) {
  const Candidates candidates = candidates_for(subject, answer, considered);
  if (candidates.ruled_out) {
    return *candidates.ruled_out;
  }
  const std::string digest = crypto::sha256_hex(answer.bytes);
  bool right_length = false;
  for (const ExpectedAnswer* row : candidates.rows) {
    if (row->answer_sha256 == digest && row->answer_bytes == answer.bytes.size()) {
      return subject.equal(Basis::kCryptographic,
                           subject.with_name("it matches the answer that the token computed for " +
                                             row->id + " (" + row->algorithm + ")"));
    }
    right_length = right_length || row->answer_bytes == answer.bytes.size();
  }
  if (!right_length) {
    return subject.unreadable("it has " + std::to_string(answer.bytes.size()) +
                              " bytes, but the answer has " + lengths_of(candidates.rows));
  }
  if (is_text_throughout(answer.bytes)) return subject.only_text();
  return subject.different(Basis::kCryptographic,
                           "it does not match the answer that the token computed for " +
                               candidates.rows.front()->id +
                               ": the cloud key is a different one, or was asked something other "
                               "than the challenge of the bundle");
}

Finding check_raw(const Subject& subject, const Bytes& bytes) {
  const Expected& expected = *subject.expected;
  if (bytes == expected.challenge) {
    return subject.unreadable("it is the challenge itself, not the cloud's answer to it");
  }
  if (!expected.answers.empty()) {
    Finding finding = check_answer(subject, {bytes, {}, {}}, any_id);
    if (finding.result != Result::kUnreadable || expected.signatures.empty()) {
      return finding;
    }
  }
  if (!expected.signatures.empty()) {
    return check_signature(subject, bytes, {});
  }
  return subject.unreadable("it has " + std::to_string(bytes.size()) +
                            " bytes in an unknown format, and the bundle expects no raw answer");
}

Finding unless_right(const Subject& subject, const Finding& finding, std::string reason) {
  const bool right = finding.result == Result::kEqual || finding.result == Result::kConsistent;
  return right ? subject.contradicts(std::move(reason)) : finding;
}

Finding other_key(const Subject& subject, std::string_view named) {
  return subject.not_proof("it is about the cloud key " + in_quotes(named) +
                           ", but the bundle was made for " +
                           in_quotes(subject.expected->cloud_key));
}

}  // namespace keyrite::provider
