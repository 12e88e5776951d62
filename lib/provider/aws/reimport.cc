#include "provider/aws/reimport.h"

#include "base/document.h"
#include "crypto/digest.h"
#include "provider/name_form.h"

namespace keyrite::provider::aws {
namespace {

constexpr DocumentKind kDocument{kReimportFormat, kReimportVersion, "reimport"};

// What the key holds now, by all that describe-key and list-key-rotations say.
Finding judge_current(const Subject& subject, const std::string& id, const MaterialStates& states) {
  if (states.described.empty()) {
    return subject.not_proof(
        "the answer of describe-key is missing: only both together show that the key holds the "
        "material that was imported again");
  }
  if (const std::string why = states.disagreement(); !why.empty()) {
    return subject.not_proof(why + "; ask describe-key once more and bring that answer alone");
  }
  const KeyState& now = states.described.front();
  const std::string listed = states.listed_against(id);
  if (now.current_material == id && !listed.empty()) {
    return subject.not_proof("list-key-rotations has the material as " + in_quotes(listed) +
                             ", describe-key as current: they contradict each other");
  }
  if (now.current_material == id) {
    return holds_material(now.state)
               ? subject.equal(Basis::kProviderStatement,
                               "AWS took the token's key once more as the existing material " + id +
                                   ", which is what the key holds now (" + now.file + ")")
               : subject.not_proof("the key is in state " + in_quotes(now.state) +
                                   ", so it holds no usable material now");
  }
  if (!listed.empty()) {
    return subject.not_proof("AWS lists the material " + id + " as " + in_quotes(listed) +
                             "; it is not what the key works with now");
  }
  return subject.different(Basis::kProviderStatement,
                           "it names the key material " + in_quotes(id) + ", but the key holds " +
                               in_quotes(now.current_material) + " now (" + now.file + ")");
}

// Whether the record is of this bundle's re-import; the reason when it is not.
std::string not_of_bundle(const Expected& expected, const JsonView& document) {
  if (expected.purpose == Purpose::kImport) {
    return "it is of a re-import, which is made from a verification bundle and judged against that";
  }
  if (sha256_text(document.at("challenge_sha256"), kDocument) !=
      crypto::sha256_hex(expected.challenge)) {
    return "it is of the re-import from another bundle";
  }
  if (document.text("import_type") != kExistingMaterial) {
    return "the import was of type " + in_quotes(document.text("import_type")) +
           ", which AWS does not compare with anything";
  }
  return {};
}

}  // namespace

bool is_reimport_record(const JsonView& document) {
  const auto format = document.find("format");
  return format && format->is_text() && format->text() == kReimportFormat;
}

Finding judge_reimport(Subject subject, const JsonView& document, const MaterialStates& states) {
  const Expected& expected = *subject.expected;
  require_kind(document, kDocument);
  require_only(
      document, kDocument,
      {"format", "version", "import_type", "key_material_id", "challenge_sha256", "answer"});
  const JsonView answer = document.at("answer");
  if (!is_import_answer(answer)) {
    refuse_value(answer, kDocument, "it is no answer of import-key-material");
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
                                 ", the first import named " + *expected.key_material_id);
  }
  if (asked != id) {
    return subject.different(
        Basis::kProviderStatement,
        "AWS answered with the key material " + in_quotes(id) + ", asked for was " + asked);
  }
  return judge_current(subject, id, states);
}

}  // namespace keyrite::provider::aws
