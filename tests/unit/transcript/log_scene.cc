#include "unit/transcript/log_scene.h"

#include <doctest/doctest.h>

#include <optional>

#include "base/error.h"
#include "transcript/entry.h"

namespace keyrite::test {

using transcript::NoteKey;
using transcript::SignatureType;

std::vector<std::string> chained(std::size_t count, const std::string& what) {
  transcript::Hasher hasher;
  std::vector<std::string> lines;
  std::optional<transcript::Hash> prev;
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back(
        transcript::entry_bytes({{"act", what}, {"n", i * 10}}, {.seq = i, .prev = prev}));
    prev = hasher.leaf(as_bytes(lines.back()));
  }
  return lines;
}

transcript::TreeHead head_of(const std::vector<std::string>& lines, std::size_t size) {
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  for (std::size_t i = 0; i < size; ++i) tree.append(hasher.leaf(as_bytes(lines[i])));
  return {.size = size, .root = tree.root()};
}

LogScene::LogScene(std::size_t entries) : lines_(chained(entries, "generate-kek")) {
  const auto add = [&](const std::string& name, SignatureType type, const std::string& algorithm) {
    shop_.must("openssl genpkey " + algorithm + " -out " + name + ".pem");
    shop_.must("openssl pkey -in " + name + ".pem -pubout -outform DER -out " + name + ".der");
    keys_.push_back(
        NoteKey::of(kOrigin, type, crypto::PublicKey::from_spki(shop_.get(name + ".der"), name)));
  };
  add("ed25519", SignatureType::kEd25519, "-algorithm ED25519");
  add("p256", SignatureType::kEcdsa, "-algorithm EC -pkeyopt ec_paramgen_curve:P-256");
}

std::string LogScene::signed_by(const NoteKey& key, const std::string& text) const {
  const bool ed25519 = key.type() == SignatureType::kEd25519;
  shop_.put("text", as_bytes(text));
  shop_.must(ed25519 ? "openssl pkeyutl -sign -rawin -inkey ed25519.pem -in text -out signature"
                     : "openssl dgst -sha256 -sign p256.pem -out signature text");
  return transcript::Note{
      .text = text,
      .signatures = {{.name = key.name(), .id = key.id(), .value = shop_.get("signature")}}}
      .bytes();
}

std::string LogScene::checkpoint(std::size_t size) const {
  return signed_by(ed25519(),
                   transcript::Checkpoint{.origin = kOrigin, .head = head_of(lines_, size)}.text());
}

void LogScene::write(const std::string& checkpoint) const {
  std::string log;
  for (const auto& line : lines_) log += line + "\n";
  shop_.put("log.jsonl", as_bytes(log));
  shop_.put("checkpoint", as_bytes(checkpoint));
}

transcript::VerifyRequest LogScene::request() const {
  return {.log = shop_.folder() / "log.jsonl",
          .checkpoint = shop_.folder() / "checkpoint",
          .keys = keys_};
}

std::string LogScene::outcome(const transcript::VerifyRequest& request,
                              std::string* message) const {
  try {
    (void)transcript::verify(request);
    return "";
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kVerification);
    if (message != nullptr) *message = error.message();
    return error.code();
  }
}

std::string LogScene::outcome(std::string* message) const { return outcome(request(), message); }

}  // namespace keyrite::test
