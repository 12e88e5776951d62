#include "provider/aws/reimport.h"

#include "base/document.h"
#include "crypto/digest.h"
#include "provider/name_form.h"
#include "provider/refusal.h"

namespace keyrite::provider::aws {
namespace {

constexpr DocumentKind kDocument{kReimportFormat, kReimportVersion, "reimport"};
constexpr DocumentKind kFirstDocument{kReimportFormat, 1, "reimport"};

void require_record(const JsonView& document) {
  const auto version = document.find("version");
  if (version && version->raw() == 1) {
    require_kind(document, kFirstDocument);
    require_only(
        document, kDocument,
        {"format", "version", "import_type", "key_material_id", "challenge_sha256", "answer"});
    return;
  }
  require_kind(document, kDocument);
  require_only(document, kDocument,
               {"format", "version", "asked", "import_type", "key_material_id", "challenge_sha256",
                "answer"});
  static_cast<void>(one_line_text(document.at("asked"), kDocument));
}

constexpr std::string_view kNoMaterialNamed =
    "describe-key names no material (CurrentKeyMaterialId), so it does not say which one the key "
    "holds now; ask again with an aws client of June 2025 or later";

// Between an import and its rotation, describe-key names the material of before. Only
// list-key-rotations tells that from a key that holds other material.
Finding judge_other_material(const Subject& subject, const std::string& id,
                             const MaterialStates& states) {
  const KeyState& now = states.now();
  if (!states.lists_as_current(now.current_material)) {
    return subject.not_proof(
        "the key holds " + in_quotes(now.current_material) + " now (" + now.file +
        "), and no answer of list-key-rotations lists that as current: the material " + id +
        " may wait for its rotation");
  }
  return subject.different(Basis::kProviderStatement,
                           "it names the key material " + in_quotes(id) + ", but the key holds " +
                               in_quotes(now.current_material) + " now (" + now.file + ")");
}

// What the key holds now, by all that describe-key and list-key-rotations say.
Finding judge_current(const Subject& subject, const std::string& id, const MaterialStates& states) {
  if (states.described.empty()) {
    return subject.not_proof(
        "the answer of describe-key is missing: only both answers together show that the key holds "
        "the re-imported material");
  }
  if (const std::string why = states.disagreement(); !why.empty()) {
    return subject.not_proof(why + "; run describe-key again and give that answer alone");
  }
  const KeyState& now = states.now();
  const std::string listed = states.listed_against(id);
  if (now.current_material == id && !listed.empty()) {
    return subject.not_proof("list-key-rotations lists the material as " + in_quotes(listed) +
                             ", but describe-key as current: they contradict each other");
  }
  if (now.current_material == id) {
    return holds_material(now.state)
               ? subject.equal(
                     Basis::kProviderStatement,
                     "AWS accepted the token's key a second time as the existing material " + id +
                         ", which is what the key holds now (" + now.file + ")")
               : subject.not_proof("the key is in state " + in_quotes(now.state) +
                                   ", so it holds no usable material now");
  }
  if (!listed.empty()) {
    return subject.not_proof("AWS lists the material " + id + " as " + in_quotes(listed) +
                             "; the key does not use it now");
  }
  if (now.current_material.empty()) return subject.not_proof(std::string(kNoMaterialNamed));
  return judge_other_material(subject, id, states);
}

// Whether the record is of this bundle's re-import; the reason when it is not.
std::string not_of_bundle(const Expected& expected, const JsonView& document) {
  if (expected.purpose == Purpose::kImport) {
    return "it records a re-import, which must be judged against its verification bundle";
  }
  if (sha256_text(document.at("challenge_sha256"), kDocument) !=
      crypto::sha256_hex(expected.challenge)) {
    return "it records the re-import from a different bundle";
  }
  if (document.text("import_type") != kExistingMaterial) {
    return "the import was of type " + in_quotes(document.text("import_type")) +
           ", which AWS does not compare with anything";
  }
  return {};
}

// AWS says the same of expired material: it is another only while the key holds what was asked for.
Finding judge_refused_material(const Subject& subject, const Refusal& refusal,
                               const MaterialStates& states) {
  const std::string said = "AWS refused the token's key as the existing material " +
                           (refusal.key_material_id.empty() ? "" : refusal.key_material_id);
  if (states.described.empty()) {
    return subject.not_proof(
        said +
        "; AWS says the same of expired material, so the answer of describe-key is needed too");
  }
  const KeyState& now = states.now();
  if (holds_material(now.state) && now.current_material.empty()) {
    return subject.not_proof(said + "; " + std::string(kNoMaterialNamed));
  }
  if (!states.disagreement().empty() || refusal.key_material_id.empty() ||
      now.current_material != refusal.key_material_id || !holds_material(now.state)) {
    return subject.contradicts(said + ", and the key does not hold that material now (" +
                               in_quotes(now.state) + ", " + now.file +
                               "): it may have expired or been replaced");
  }
  return subject.different(Basis::kProviderStatement,
                           said + ", which the key holds now (" + now.file +
                               "): AWS says that the two are not the same");
}

}  // namespace

bool is_reimport_record(const JsonView& document) {
  const auto format = document.find("format");
  return format && format->is_text() && format->text() == kReimportFormat;
}

std::optional<std::string> reimport_time(const Expected& expected, const JsonView& document) {
  require_record(document);
  if (!not_of_bundle(expected, document).empty()) return std::nullopt;
  return document.optional_text("asked").value_or("");
}

Finding judge_refused_import(Subject subject, const JsonView& document,
                             const MaterialStates& states) {
  const Expected& expected = *subject.expected;
  const Refusal refusal = read_refusal(document);
  if (expected.purpose == Purpose::kImport ||
      refusal.challenge_sha256 != crypto::sha256_hex(expected.challenge)) {
    return subject.not_proof("it records the re-import from a different bundle");
  }
  if (!is_bundle_key(expected, refusal.key)) return other_key(subject, refusal.key);
  subject.named = bare_id(refusal.key);
  const std::string said = " (" + in_quotes(refusal.message) + ")";
  if (states.reimported && refusal.asked <= *states.reimported) {
    return subject.not_proof("AWS refused the re-import of " + refusal.asked +
                             ", and accepted a later one");
  }
  if (states.reimported && states.reimported->empty()) {
    return subject.not_proof(
        "AWS refused one re-import and accepted another, whose record does not say when");
  }
  if (refusal.message.find(kOtherMaterial) == std::string::npos) {
    return subject.not_proof("AWS did not accept the re-import" + said +
                             "; the message does not say that the material differs");
  }
  return judge_refused_material(subject, refusal, states);
}

Finding judge_reimport(Subject subject, const JsonView& document, const MaterialStates& states) {
  const Expected& expected = *subject.expected;
  require_record(document);
  const JsonView answer = document.at("answer");
  if (!is_import_answer(answer)) {
    refuse_value(answer, kDocument, "it is not an answer of import-key-material");
  }
  const std::string key = answer.text("KeyId");
  if (!is_bundle_key(expected, key)) {
    return other_key(subject, key);
  }
  subject.named = bare_id(key);
  const std::string asked = sha256_text(document.at("key_material_id"), kDocument);
  const std::string id = sha256_text(answer.at("KeyMaterialId"), kDocument);
  if (const std::string why = not_of_bundle(expected, document); !why.empty()) {
    return subject.not_proof(why);
  }
  if (expected.key_material_id && *expected.key_material_id != id) {
    return subject.different(Basis::kProviderStatement,
                             "it names the key material " + in_quotes(id) +
                                 ", but the first import named " + *expected.key_material_id);
  }
  if (asked != id) {
    return subject.different(
        Basis::kProviderStatement,
        "AWS answered with the key material " + in_quotes(id) + ", but the request named " + asked);
  }
  return judge_current(subject, id, states);
}

}  // namespace keyrite::provider::aws
