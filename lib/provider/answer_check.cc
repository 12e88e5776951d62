#include "provider/answer_check.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "crypto/digest.h"
#include "provider/name_form.h"
#include "provider/signature_check.h"

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

std::string with_name(const Subject& subject, std::string text) {
  if (subject.named.empty()) {
    text += "; the file does not name a cloud key, so it does not say where the key is";
  } else if (subject.expected->cloud_key.empty()) {
    text +=
        "; the bundle does not name the cloud key, so keyrite could not check that the right key "
        "answered";
  }
  return text;
}

// MACs, ciphertexts and signatures are random bytes, so words are none of another key either.
Finding words_for_bytes(const Subject& subject) {
  Finding finding = subject.unreadable(
      "it has the length of an answer but contains only text, which no answer does");
  finding.code = "file-text";
  return finding;
}

// What would show use of the key: the ids of what the bundle asks.
std::string proof_of(const Expected& expected) {
  std::string ids;
  for (const ExpectedSignature& row : expected.signatures) {
    ids += (ids.empty() ? "" : ", ") + row.id;
  }
  for (const ExpectedAnswer& row : expected.answers) ids += (ids.empty() ? "" : ", ") + row.id;
  return ids.empty() ? "the bundle asks for no use of the key, so no better answer is possible"
                     : "the answer to " + ids + " decides";
}

}  // namespace

Finding Subject::equal(Basis basis, std::string reason) const {
  return {file, what, Result::kEqual, basis, std::move(reason), {}, named};
}
Finding Subject::different(Basis basis, std::string reason) const {
  return {file, what, Result::kDifferent, basis, std::move(reason), {}, named};
}
Finding Subject::consistent(std::string reason) const {
  return {file, what, Result::kConsistent, Basis::kProviderStatement, std::move(reason), {}, named};
}
Finding Subject::not_proof(std::string reason) const {
  return {file, what, Result::kNotProof, Basis::kProviderStatement, std::move(reason), {}, named};
}
Finding Subject::contradicts(std::string reason) const {
  return {file, what, Result::kContradicts, Basis::kProviderStatement, std::move(reason),
          {},   named};
}
Finding Subject::unreadable(std::string reason) const {
  return {file, what, Result::kUnreadable, Basis::kProviderStatement, std::move(reason)};
}
Finding Subject::unreadable(const Error& error) const {
  Finding finding = unreadable(error.message());
  finding.code = error.code();
  return finding;
}

Finding Subject::unreadable(const ForeignForm& form) const {
  Finding finding = unreadable(form.what + "; " + form.remedy);
  finding.code = form.code;
  return finding;
}

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
                           with_name(subject, "it matches the answer that the token computed for " +
                                                  row->id + " (" + row->algorithm + ")"));
    }
    right_length = right_length || row->answer_bytes == answer.bytes.size();
  }
  if (!right_length) {
    return subject.unreadable("it has " + std::to_string(answer.bytes.size()) +
                              " bytes, but the answer has " + lengths_of(candidates.rows));
  }
  if (is_text_throughout(answer.bytes)) return words_for_bytes(subject);
  return subject.different(Basis::kCryptographic,
                           "it does not match the answer that the token computed for " +
                               candidates.rows.front()->id +
                               ": the cloud key is a different one, or was asked something other "
                               "than the challenge of the bundle");
}

Finding check_public_key(const Subject& subject, const crypto::PublicKey& key) {
  const Expected& expected = *subject.expected;
  if (expected.public_key.empty() && !subject.named.empty()) {
    return subject.different(
        Basis::kProviderStatement,
        "the cloud key has a public key, but the key of the bundle is a secret key (" +
            expected.key_type.name() + ")");
  }
  if (expected.public_key.empty()) {
    return subject.not_proof("it is a public key, but the key of the bundle is a secret key (" +
                             expected.key_type.name() + ") and has none");
  }
  const auto own = crypto::PublicKey::from_spki(expected.public_key, "expected.json");
  if (key == own) {
    return subject.consistent("it is the token's public key (SHA-256 " + own.sha256() +
                              "), which the bundle contains too, so it does not show an import; " +
                              proof_of(expected));
  }
  if (!(key.type() == own.type())) {
    return subject.different(Basis::kProviderStatement, "it is of type " + key.type().name() +
                                                            ", but the token's key is of type " +
                                                            own.type().name());
  }
  return subject.different(Basis::kProviderStatement, "it is a different public key (SHA-256 " +
                                                          key.sha256() + ") from the token's (" +
                                                          own.sha256() + ")");
}

Finding check_signature(const Subject& subject, ByteView signature, const std::string& algorithm) {
  const Expected& expected = *subject.expected;
  if (expected.signatures.empty()) {
    return subject.not_proof("the bundle expects no signature");
  }
  const auto key = crypto::PublicKey::from_spki(expected.public_key, "expected.json");
  if (!signature_size_fits(key, signature)) {
    return subject.unreadable("it has " + std::to_string(signature.size()) +
                              " bytes; no signature by a key of type " + key.type().name() +
                              " has");
  }
  bool tried = false;
  for (const ExpectedSignature& row : expected.signatures) {
    if (!algorithm.empty() && row.algorithm != algorithm) {
      continue;
    }
    tried = true;
    if (signature_verifies(key, row.id, expected.challenge, signature)) {
      return subject.equal(
          Basis::kCryptographic,
          with_name(subject, "it is a signature (" + row.algorithm +
                                 ") over the challenge that the token's public key verifies"));
    }
  }
  if (!tried) {
    return subject.not_proof("it was made with " + in_quotes(algorithm) +
                             ", but the bundle asks for " + expected.signatures.front().algorithm);
  }
  if (is_text_throughout(signature)) return words_for_bytes(subject);
  return subject.different(
      Basis::kCryptographic,
      "the token's public key does not verify it over the challenge: the cloud key is a different "
      "one, or signed something other than challenge.bin");
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
