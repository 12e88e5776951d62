#include "provider/refusal.h"

#include <algorithm>
#include <array>

#include "base/document.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "provider/cloud_name.h"
#include "provider/cloud_table.h"
#include "provider/name_form.h"

namespace keyrite::provider {
namespace {

constexpr DocumentKind kRefusalDocument{kRefusalFormat, kRefusalVersion, "refusal"};

// Whether it is the ciphertext that was refused. A message that speaks of anything else decides
// nothing: an outage or a missing permission is no answer.
bool refuses_ciphertext(Provider provider, std::string_view message) {
  constexpr std::array<std::string_view, 14> kOther{
      "algorithm", "operation", "permi",  "support", "purpose",  "initialization", "length",
      "size",      "disabled",  "expire", "quota",   "checksum", "throttl",        "timeout"};
  if (message.find(cloud_of(provider).refusing_code) == std::string_view::npos) return false;
  if (provider == Provider::kAws) return true;
  const std::string text = lower_case(message);
  return std::none_of(kOther.begin(), kOther.end(),
                      [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_asked(const Expected& expected, std::string_view question) {
  return is_decryption(question) &&
         std::any_of(expected.answers.begin(), expected.answers.end(),
                     [&](const ExpectedAnswer& row) { return row.id == question; });
}

Finding judge(Subject& subject, const JsonView& document, bool used) {
  const Expected& expected = *subject.expected;
  const Refusal refusal = read_refusal(document);
  subject.what += " of " + refusal.question;
  if (refusal.challenge_sha256 != crypto::sha256_hex(expected.challenge) ||
      !is_asked(expected, refusal.question)) {
    return subject.not_proof("it answers a question of a different bundle");
  }
  if (!names_bundle_key(expected, refusal.key)) return other_key(subject, refusal.key);
  subject.named = normal_name(expected.provider, refusal.key);
  const std::string said = " (" + in_quotes(refusal.message) + ")";
  if (!refuses_ciphertext(expected.provider, refusal.message)) {
    return subject.not_proof(
        "the cloud did not decrypt what was encrypted under the token's key" + said +
        "; the message does not say that the key is a different one, so correct what "
        "it says and ask again");
  }
  if (used) {
    return subject.not_proof(
        "the cloud refused to decrypt what was encrypted under the token's key" + said +
        ", though another answer shows use of the key");
  }
  return subject.different(Basis::kProviderStatement,
                           "the cloud refused to decrypt what was encrypted under the token's key" +
                               said +
                               ": the same key would decrypt it, so asking again is of no use");
}

}  // namespace

bool is_refusal(const JsonView& document) {
  if (!document.is_object()) return false;
  const auto format = document.find("format");
  return format && format->is_text() && format->text() == kRefusalFormat;
}

bool is_refused_challenge(const JsonView& document) {
  if (!is_refusal(document)) return false;
  const auto question = document.find("question");
  return !question || !question->is_text() || question->text() != kImportQuestion;
}

Refusal read_refusal(const JsonView& document) {
  require_kind(document, kRefusalDocument);
  require_only(document, kRefusalDocument,
               {"format", "version", "asked", "question", "key", "key_material_id",
                "challenge_sha256", "message"});
  Refusal refusal;
  refusal.asked = one_line_text(document.at("asked"), kRefusalDocument);
  refusal.question = one_line_text(document.at("question"), kRefusalDocument);
  refusal.key = one_line_text(document.at("key"), kRefusalDocument);
  if (const auto id = document.find("key_material_id")) {
    refusal.key_material_id = sha256_text(*id, kRefusalDocument);
  }
  refusal.challenge_sha256 = sha256_text(document.at("challenge_sha256"), kRefusalDocument);
  refusal.message = one_line_text(document.at("message"), kRefusalDocument);
  return refusal;
}

Finding judge_refused_challenge(const Expected& expected, const JsonEvidence& file, bool used) {
  Subject subject{&expected, file.file, "refusal"};
  try {
    return judge(subject, file.view(), used);
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

}  // namespace keyrite::provider
