#include "transcript/note.h"

#include <doctest/doctest.h>

#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::NoteKey;
using transcript::parse_note;
using transcript::SignatureType;
using transcript::verify_note;

// The vector of c2sp.org/signed-note.
const std::string kVkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const std::string kText = "This is an example message.\n";
const std::string kSignature =
    "\xe2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

Refusal not_verified(std::string code) { return {Kind::kVerification, std::move(code), "", ""}; }

Refusal refused_note(const std::string& bytes) {
  return refusal_of([&] { (void)parse_note(bytes, "note"); });
}

Refusal refused_vkey(const std::string& text) {
  return refusal_of([&] { (void)NoteKey::parse(text); });
}

TEST_CASE("The example note of the specification verifies, and is written back byte for byte") {
  const NoteKey key = NoteKey::parse(kVkey);
  CHECK(key.name() == "example.com/foo");
  CHECK(key.id() == 0x530d903a);
  CHECK(key.text() == kVkey);
  const auto note = parse_note(kText + "\n" + kSignature, "note");
  CHECK(note.text == kText);
  CHECK(note.bytes() == kText + "\n" + kSignature);
  CHECK(verify_note(note, {key}, "note").verified == std::vector<std::string>{kVkey});
}

TEST_CASE(
    "Signatures by openssl verify as Ed25519 and as ECDSA P-256, and vkeys survive their text") {
  const LogScene scene(1);
  for (const NoteKey& key : {scene.ed25519(), scene.p256()}) {
    CHECK(NoteKey::parse(key.text()).text() == key.text());
    const auto note = parse_note(scene.signed_by(key, "a\n\nb\n"), "note");
    CHECK(note.text == "a\n\nb\n");
    CHECK(verify_note(note, {key}, "note").verified.size() == 1);
  }
}

TEST_CASE("No vkey is made of a name or a key that cannot have one") {
  const LogScene scene(1);
  const Refusal unfit{Kind::kInternal, "vkey-key-unfit", "", ""};
  for (const std::string name : {"", "a b", "a+b"}) {
    CHECK(refusal_of([&] {
            (void)NoteKey::of(name, SignatureType::kEd25519, scene.ed25519().key());
          }) == unfit);
  }
  CHECK(refusal_of([&] {
          (void)NoteKey::of("example.com/log", SignatureType::kEd25519, scene.p256().key());
        }) == unfit);
}

TEST_CASE("A signature by nobody known is skipped, a wrong one of a known key refuses the note") {
  const LogScene scene(1);
  auto note = parse_note(scene.signed_by(scene.ed25519(), "text\n"), "note");
  const auto by_p256 = parse_note(scene.signed_by(scene.p256(), "text\n"), "note");
  note.signatures.push_back(by_p256.signatures.front());
  CHECK(verify_note(note, {scene.ed25519()}, "note").unknown == 1);
  CHECK(verify_note(note, {scene.ed25519(), scene.p256()}, "note").verified.size() == 2);
  note.signatures.push_back(note.signatures.front());
  CHECK(verify_note(note, {scene.ed25519()}, "note").verified.size() == 1);
  note.signatures.pop_back();
  note.signatures.back().value.back() ^= 1U;
  CHECK(verify_note(note, {scene.ed25519()}, "note").unknown == 1);
  CHECK(refusal_of([&] {
          (void)verify_note(note, {scene.ed25519(), scene.p256()}, "note");
        }) == not_verified("note-signature-wrong"));
  CHECK(refusal_of([&] { (void)verify_note(note, {NoteKey::parse(kVkey)}, "note"); }) ==
        not_verified("note-unsigned"));
}

TEST_CASE("No byte of a note can change without being noticed") {
  const LogScene scene(1);
  const std::string bytes = scene.signed_by(scene.ed25519(), "site\n1\nroot\n");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string other = bytes;
    other[i] = static_cast<char>(other[i] ^ 1);
    CAPTURE(i);
    const Refusal refusal = refusal_of(
        [&] { (void)verify_note(parse_note(other, "note"), {scene.ed25519()}, "note"); });
    CHECK(refusal.kind == Kind::kVerification);
    CHECK_FALSE(refusal.code.empty());
  }
}

TEST_CASE("What has not the form of a note is refused with the reason") {
  CHECK(refused_note("") == not_verified("note-invalid"));
  CHECK(refused_note(kText + kSignature).message.find("no empty line") != std::string::npos);
  CHECK(refused_note(kText + "\n").message.find("no signature") != std::string::npos);
  CHECK(refused_note("a\tb\n\n" + kSignature).message.find("control") != std::string::npos);
  CHECK(refused_note("\xff\n\n" + kSignature).message.find("UTF-8") != std::string::npos);
  CHECK(refused_note(kText + "\n- name c2ln\n").message.find("dash") != std::string::npos);
  CHECK(refused_note(kText + "\n\xe2\x80\x94 name !\n").message.find("base64") !=
        std::string::npos);
  CHECK(refused_note(kText + "\n\xe2\x80\x94 name AAAA\n").message.find("short") !=
        std::string::npos);
  CHECK(refused_note(kText + "\n" + kSignature.substr(0, 40)).message.find("no line end") !=
        std::string::npos);
  std::string many = kText + "\n";
  for (int i = 0; i < 65; ++i) many += kSignature;
  CHECK(refused_note(many).message.find("too many") != std::string::npos);
}

TEST_CASE("What is no vkey is refused, a key id that is not that of its key too") {
  CHECK(refused_vkey("name") == config("vkey-invalid"));
  CHECK(refused_vkey("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k") ==
        config("vkey-invalid"));
  CHECK(refused_vkey("example.com/foo+530d903b" + kVkey.substr(24)).message.find("key id") !=
        std::string::npos);
  CHECK(refused_vkey("example.com/foo+530D903A" + kVkey.substr(24)) == config("vkey-invalid"));
  CHECK(refused_vkey("example.com/foo+530d903a+AAAA") == config("vkey-type-unknown"));
  CHECK(refused_vkey("example.com/foo+530d903a+AQ==") == config("vkey-invalid"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
