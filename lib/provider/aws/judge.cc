#include "provider/aws/judge.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "provider/aws/key_material.h"
#include "provider/aws/reimport.h"
#include "provider/file_form.h"
#include "provider/name_form.h"
#include "provider/refusal.h"

namespace keyrite::provider::aws {
namespace {

Bytes decoded(const JsonView& document, std::string_view field) {
  return from_base64(document.text(field), document.at(field).where());
}

Finding judge_public_key(const Subject& subject, const JsonView& document) {
  // The key first: with another key, what else the answer says does not matter.
  Finding finding =
      check_public_key(subject, crypto::PublicKey::from_spki(decoded(document, "PublicKey"),
                                                             document.at("PublicKey").where()));
  const std::string spec = document.optional_text("KeySpec").value_or("");
  const std::string& wanted = subject.expected->cloud_algorithm;
  if (spec.empty() || wanted.empty() || spec == wanted) {
    return finding;
  }
  return unless_right(subject, finding,
                      "it is the token's public key, but the spec of the cloud key is " +
                          in_quotes(spec) + ", but the bundle was made for " + wanted);
}

std::string form_of(const JsonView& document) {
  if (is_reimport_record(document)) return "AWS re-import, as import.sh recorded it";
  if (is_refusal(document)) return "AWS refusal, as import.sh recorded it";
  if (document.find("Code") && document.find("Message")) return "AWS error message";
  if (document.find("ImportToken")) return "AWS get-parameters-for-import";
  if (document.find("KeyMetadata")) return "AWS describe-key";
  if (document.find("Rotations")) return "AWS list-key-rotations";
  if (document.find("MacValid")) return "AWS verify-mac";
  if (document.find("Mac")) return "AWS generate-mac";
  if (document.find("Signature")) return "AWS sign";
  if (document.find("Plaintext")) return "AWS decrypt";
  if (document.find("SharedSecret")) return "AWS derive-shared-secret";
  if (document.find("CiphertextBlob")) return "AWS encrypt";
  if (document.find("PublicKey")) return "AWS get-public-key";
  if (is_import_answer(document)) return "AWS import-key-material";
  return {};
}

// Of a form that names its key at the top.
Finding judge_form(Subject& subject, const JsonView& document) {
  if (subject.what == "AWS verify-mac") {
    return subject.not_proof(
        "it does not say which MAC was verified; the answer of generate-mac over challenge.bin "
        "decides");
  }
  if (subject.what == "AWS generate-mac") {
    Answer answer{decoded(document, "Mac"), document.text("MacAlgorithm"), {}};
    subject.what += " " + printable(answer.algorithm);
    return check_answer(subject, answer, is_no_decryption);
  }
  if (subject.what == "AWS sign") {
    const std::string algorithm = document.text("SigningAlgorithm");
    subject.what += " " + printable(algorithm);
    return check_signature(subject, decoded(document, "Signature"), algorithm);
  }
  if (subject.what == "AWS decrypt") {
    return check_answer(subject,
                        {decoded(document, "Plaintext"),
                         document.optional_text("EncryptionAlgorithm").value_or(""),
                         {}},
                        is_decryption);
  }
  if (subject.what == "AWS derive-shared-secret") {
    return check_answer(
        subject, {decoded(document, "SharedSecret"), document.text("KeyAgreementAlgorithm"), {}},
        is_agreement);
  }
  if (subject.what == "AWS encrypt") {
    return subject.not_proof(
        "AWS does not publish the format of its ciphertexts, so they cannot be checked outside");
  }
  if (subject.what == "AWS get-public-key") {
    return judge_public_key(subject, document);
  }
  return judge_import_answer(subject, document);
}

// "IncorrectKeyMaterialException" in "...(IncorrectKeyMaterialException) when calling", "Code:
// IncorrectKeyMaterialException", or a cell of a table; empty: the text names no exception.
std::string exception_in(std::string_view text) {
  constexpr std::string_view kEnd = "Exception";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto at = text.find(kEnd);
  if (at == std::string_view::npos) return {};
  const auto end = at + kEnd.size();
  auto begin = at;
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  return end < text.size() && is_letter(text[end]) ? ""
                                                   : std::string(text.substr(begin, end - begin));
}

Finding judge_error(const Subject& subject, const std::string& exception) {
  if (exception == kOtherMaterial && subject.expected->purpose == Purpose::kVerification) {
    return subject.not_proof(
        "AWS refused key material, but it says the same of expired material and of material with a "
        "wrong length; the message does not say which material was sent, so it does not show a "
        "different key");
  }
  return subject.unreadable("it is an error message (" + printable(exception) + "), not an answer");
}

// As describe-key and import-key-material name it.
std::string material_in(const JsonView& answer) {
  constexpr std::size_t kDigits = 64;
  for (const char* name : {"CurrentKeyMaterialId", "KeyMaterialId"}) {
    const auto id = answer.optional_text(name);
    if (id && id->size() == kDigits) return printable(*id);
  }
  return {};
}

// While material waits for a rotation, describe-key names that of the version before.
bool has_waiting(const MaterialStates& states) {
  return std::ranges::any_of(states.listed, [](const auto& one) {
    return one.second == "PENDING_ROTATION" ||
           one.second == "PENDING_MULTI_REGION_IMPORT_AND_ROTATION";
  });
}

Finding judge_one(Subject subject, const JsonView& document, const MaterialStates& states) {
  subject.what = document.is_object() ? form_of(document) : "";
  if (subject.what.empty()) {
    subject.what = "JSON";
    if (const auto other = other_client(document, Provider::kAws)) {
      return subject.unreadable(*other);
    }
    return subject.unreadable("it is not an answer of aws kms that keyrite knows");
  }
  if (subject.what == "AWS get-parameters-for-import") {
    return subject.not_proof(
        "these are import parameters: their public key is the wrapping key, not the imported key");
  }
  if (is_reimport_record(document)) {
    return judge_reimport(subject, document, states);
  }
  if (is_refusal(document)) {
    return judge_refused_import(subject, document, states);
  }
  if (subject.what == "AWS error message") {
    return judge_error(subject, document.text("Code"));
  }
  if (document.find("Rotations")) {
    return judge_rotations(subject, document);
  }
  const auto metadata = document.find("KeyMetadata");
  const std::string key = metadata
                              ? metadata->optional_text("Arn").value_or(metadata->text("KeyId"))
                              : document.text("KeyId");
  if (!is_bundle_key(*subject.expected, key)) {
    return other_key(subject, key);
  }
  subject.named = bare_id(key);
  Finding finding =
      metadata ? judge_description(subject, *metadata, states) : judge_form(subject, document);
  if (!metadata || !has_waiting(states))
    finding.material = material_in(metadata ? *metadata : document);
  return finding;
}

// States that cannot be read are reported for their own file, not for the others.
std::vector<JsonEvidence> readable_states(const Expected& expected,
                                          const std::vector<JsonEvidence>& files) {
  std::vector<JsonEvidence> readable;
  for (const JsonEvidence& file : files) {
    try {
      static_cast<void>(collect_states(expected, {file}));
      readable.push_back(file);
    } catch (const Error&) {
      continue;
    }
  }
  return readable;
}

}  // namespace

std::vector<Finding> judge_answers(const Expected& expected,
                                   const std::vector<JsonEvidence>& files) {
  const MaterialStates states = collect_states(expected, readable_states(expected, files));
  std::vector<Finding> findings;
  for (const JsonEvidence& file : files) {
    Subject subject{&expected, file.file, "AWS answer"};
    try {
      findings.push_back(judge_one(subject, file.view(), states));
    } catch (const Error& error) {
      findings.push_back(subject.unreadable(error));
    }
  }
  return findings;
}

std::optional<Finding> judge_error_text(const Expected& expected, const std::string& file,
                                        std::string_view text) {
  const bool is_message = text.find("An error occurred (") != std::string_view::npos;
  const std::string exception = exception_in(text);
  if (!is_message && exception.empty()) {
    return std::nullopt;
  }
  return judge_error({&expected, file, "AWS error message"}, exception);
}

}  // namespace keyrite::provider::aws
