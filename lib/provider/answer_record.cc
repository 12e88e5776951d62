#include "provider/answer_record.h"

#include "base/document.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "provider/cloud_name.h"

namespace keyrite::provider {
namespace {

constexpr DocumentKind kRecordDocument{kRecordFormat, kRecordVersion, "answers"};

Finding read(Subject& subject, const JsonView& document, Origins& origins) {
  const Expected& expected = *subject.expected;
  require_kind(document, kRecordDocument);
  require_only(document, kRecordDocument,
               {"format", "version", "asked", "key", "challenge_sha256", "answers"});
  const std::string key = one_line_text(document.at("key"), kRecordDocument);
  const std::string asked = one_line_text(document.at("asked"), kRecordDocument);
  Origins found;
  for (const JsonView& row : document.at("answers").items()) {
    require_only(row, kRecordDocument, {"file", "sha256"});
    static_cast<void>(one_line_text(row.at("file"), kRecordDocument));
    found.emplace(sha256_text(row.at("sha256"), kRecordDocument), key);
  }
  if (sha256_text(document.at("challenge_sha256"), kRecordDocument) !=
      crypto::sha256_hex(expected.challenge)) {
    return subject.not_proof("it records answers to a different bundle");
  }
  origins.merge(found);
  if (!names_bundle_key(expected, key)) return other_key(subject, key);
  subject.named = normal_name(expected.provider, key);
  return subject.not_proof("it says which key the answers of " + asked +
                           " are from; that alone does not identify a key");
}

}  // namespace

bool is_answer_record(const JsonView& document) {
  if (!document.is_object()) return false;
  const auto format = document.find("format");
  return format && format->is_text() && format->text() == kRecordFormat;
}

Finding read_record(const Expected& expected, const JsonEvidence& file, Origins& origins) {
  Subject subject{&expected, file.file, "record of answers, by import.sh"};
  try {
    return read(subject, file.view(), origins);
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

}  // namespace keyrite::provider
