#include "provider/google/judge.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/error.h"
#include "provider/file_form.h"
#include "provider/google/crc32c.h"
#include "provider/google/options.h"
#include "provider/name_form.h"

namespace keyrite::provider::google {
namespace {

// "initializationVector" gives "initialization_vector".
std::string proto_name(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') text += '_';
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

// int64 values stand in JSON as text, some writers use a number.
void require_crc(const JsonView& document, std::string_view field, ByteView bytes) {
  // protobuf libraries may keep the names of the .proto file: mac_crc32c for macCrc32c.
  const auto crc = document.find(field) ? document.find(field) : document.find(proto_name(field));
  if (!crc) {
    return;
  }
  const std::string said = crc->is_text() ? crc->text() : std::to_string(crc->integer());
  if (said != std::to_string(crc32c(bytes))) {
    throw Error(Kind::kConfig, "crc32c-mismatch",
                crc->where() + " is not the CRC-32C of the value that it belongs to",
                "save the answer again");
  }
}

Bytes decoded(const JsonView& document, std::string_view field, std::string_view crc_field) {
  Bytes bytes = from_base64_any(document.text(field), document.at(field).where());
  require_crc(document, crc_field, bytes);
  return bytes;
}

// One clause when the answer speaks of another algorithm than the bundle; else empty.
std::string other_algorithm(const Subject& subject, const JsonView& document) {
  const std::string& wanted = subject.expected->cloud_algorithm;
  const std::string algorithm = option_spelling(document.optional_text("algorithm").value_or(""));
  if (algorithm.empty() || wanted.empty() || algorithm == option_spelling(wanted)) {
    return {};
  }
  return "the algorithm of the key version is " + in_quotes(algorithm) +
         ", but the bundle was made for " + wanted;
}

Finding judge_public_key(const Subject& subject, const JsonView& document) {
  const std::string pem = document.text("pem");
  require_crc(document, "pemCrc32c", as_bytes(pem));
  Finding finding =
      check_public_key(subject, crypto::PublicKey::from_pem(pem, document.at("pem").where()));
  const std::string other = other_algorithm(subject, document);
  return other.empty()
             ? finding
             : unless_right(subject, finding, "it is the token's public key, but " + other);
}

Finding judge_ciphertext(const Subject& subject, const JsonView& document) {
  std::string iv;
  constexpr std::string_view kIv = "initializationVector";
  const std::string name = document.find(kIv) ? std::string(kIv) : proto_name(kIv);
  if (document.find(name)) {
    iv = to_hex(decoded(document, name, "initializationVectorCrc32c"));
  }
  return check_answer(subject, {decoded(document, "ciphertext", "ciphertextCrc32c"), {}, iv},
                      is_no_decryption);
}

Finding judge_version(const Subject& subject, const JsonView& document) {
  const std::string state = document.text("state");
  if (state == "IMPORT_FAILED") {
    return subject.contradicts(
        "the import failed: " +
        in_quotes(document.optional_text("importFailureReason").value_or("no reason given")));
  }
  if (const std::string other = other_algorithm(subject, document); !other.empty()) {
    return subject.contradicts(other);
  }
  if (state == "DISABLED") {
    return subject.not_proof("the key version is disabled; that does not say which key it is");
  }
  // What the import command itself answers; the version is enabled later.
  if (state == "PENDING_IMPORT") {
    return subject.not_proof("the import was still in progress");
  }
  if (state != "ENABLED") {
    return subject.contradicts("the key version is in state " + in_quotes(state) +
                               ", so it holds no usable key now");
  }
  if (document.find("attestation")) {
    return subject.not_proof(
        "the key version is enabled; that does not say which key it is, and this version of "
        "keyrite does not judge its attestation");
  }
  return subject.not_proof("the key version is enabled; that does not say which key it is");
}

using Judge = Finding (*)(const Subject& subject, const JsonView& document);

struct Form {
  std::string_view field{};  // that only this answer has
  std::string_view what{};
  Judge judge{};
};

const std::array<Form, 6>& forms() {
  static const std::array<Form, 6> table{{
      {"mac", "Google mac-sign",
       [](const Subject& subject, const JsonView& document) {
         return check_answer(subject, {decoded(document, "mac", "macCrc32c"), {}, {}},
                             is_no_decryption);
       }},
      {"signature", "Google asymmetric-sign",
       [](const Subject& subject, const JsonView& document) {
         return check_signature(subject, decoded(document, "signature", "signatureCrc32c"), {});
       }},
      {"plaintext", "Google decrypt",
       [](const Subject& subject, const JsonView& document) {
         return check_answer(subject, {decoded(document, "plaintext", "plaintextCrc32c"), {}, {}},
                             is_decryption);
       }},
      {"ciphertext", "Google raw-encrypt", judge_ciphertext},
      {"pem", "Google get-public-key", judge_public_key},
      {"state", "Google key version", judge_version},
  }};
  return table;
}

Finding judge_document(Subject& subject, const JsonView& document, const std::string& recorded) {
  if (!document.is_object()) {
    return subject.unreadable("it is not an answer of gcloud kms that keyrite knows");
  }
  if (document.find("importMethod") || document.find("import_method")) {
    return subject.not_proof(
        "it is an import job: its public key is the wrapping key, not the imported key");
  }
  if (document.find("error")) {
    return subject.unreadable("it is an error message, not an answer");
  }
  for (const Form& form : forms()) {
    if (!document.find(form.field)) {
      continue;
    }
    subject.what = form.what;
    // A decrypt answer names no key, so the record of import.sh has to; every other answer does,
    // and another key's is no evidence.
    const std::string name = document.optional_text("name").value_or(recorded);
    if (!name.empty() && !is_bundle_key(*subject.expected, name)) {
      return other_key(subject, name);
    }
    subject.named = name;
    return form.judge(subject, document);
  }
  if (const auto other = other_client(document, Provider::kGoogle)) {
    return subject.unreadable(*other);
  }
  return subject.unreadable("it is not an answer of gcloud kms that keyrite knows");
}

}  // namespace

bool is_bundle_key(const Expected& expected, std::string_view name) {
  const std::string& wanted = expected.cloud_key;
  return wanted.empty() || name == wanted || name.substr(0, wanted.size() + 1) == wanted + "/";
}

bool is_attestation_file(ByteView content) {
  // gzip (RFC 1952 2.3.1), and longer than any raw answer to a secret key's challenge.
  return content.size() > 256 && content[0] == 0x1f && content[1] == 0x8b && content[2] == 8;
}

Finding judge_attestation_file(const Expected& expected, const std::string& file) {
  const Subject subject{&expected, file, "Google attestation"};
  return subject.not_proof("this version of keyrite does not judge attestations");
}

Finding judge_answer(const Expected& expected, const JsonEvidence& file) {
  Subject subject{&expected, file.file, "Google answer"};
  try {
    return judge_document(subject, file.view(), file.recorded);
  } catch (const Error& error) {
    return subject.unreadable(error);
  }
}

}  // namespace keyrite::provider::google
