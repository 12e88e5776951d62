#include "transcript/checkpoint.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/file.h"
#include "base/json.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::parse_checkpoint;
using transcript::parse_proof_file;

const std::string kRoot = "g+MgNPg86nd7u1oTOrNqel7WCH7AP2UJid99xgCFlOM=";

std::string checkpoint_refusal(const std::string& text) {
  const Refusal refusal = refusal_of([&] { (void)parse_checkpoint(text, "checkpoint"); });
  CHECK(refusal.kind == Kind::kVerification);
  CHECK(refusal.code == "checkpoint-invalid");
  return refusal.message;
}

std::string proof_refusal(const std::string& text) {
  const Refusal refusal = refusal_of([&] { (void)parse_proof_file(text, "proof"); });
  CHECK(refusal.kind == Kind::kVerification);
  CHECK(refusal.code == "proof-invalid");
  return refusal.message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("The worked example's log, checkpoint, proof and vkeys verify") {
  const std::filesystem::path folder = KEYRITE_SOURCE_DIR "/tests/unit/transcript/worked-example";
  const auto text = [&](const char* name) { return as_text(read_file(folder / name)); };
  std::vector<transcript::NoteKey> keys;
  const std::string vkeys = text("vkeys.txt");
  const auto end = vkeys.find('\n');
  keys.push_back(transcript::NoteKey::parse(vkeys.substr(0, end)));
  keys.push_back(
      transcript::NoteKey::parse(vkeys.substr(end + 1, vkeys.find('\n', end + 1) - end - 1)));
  std::vector<transcript::Hash> leaves;
  const auto verified = transcript::verify(
      {.log = folder / "transcript.jsonl", .checkpoint = folder / "checkpoint", .keys = keys},
      [&](const transcript::SignedEntry& entry) {
        CHECK(entry.index == leaves.size());
        leaves.push_back(entry.leaf);
      });
  CHECK(verified.checkpoint.origin == "keyceremony.example/hsm1");
  CHECK(verified.checkpoint.head.size == 5);
  CHECK(to_base64(verified.checkpoint.head.root) == kRoot);
  CHECK(verified.signatures.verified.size() == 2);
  CHECK(verified.unsigned_entries == 0);

  const auto proof = parse_proof_file(text("e2.tlog-proof"), "proof");
  CHECK(proof.index == 2);
  CHECK(proof.checkpoint == text("checkpoint"));
  CHECK(proof.bytes() == text("e2.tlog-proof"));
  transcript::Hasher hasher;
  REQUIRE(leaves.size() == 5);
  CHECK(inclusion_proof(hasher, leaves, 2) == proof.proof);
  CHECK(verifies_inclusion(hasher, 2, 5, leaves[2], proof.proof, verified.checkpoint.head.root));
}

TEST_CASE("A checkpoint is exactly three lines with a size and a root") {
  const auto checkpoint = parse_checkpoint("site\n5\n" + kRoot + "\n", "checkpoint");
  CHECK(checkpoint.text() == "site\n5\n" + kRoot + "\n");
  CHECK(contains(checkpoint_refusal("site\n5\n"), "three lines"));
  CHECK(contains(checkpoint_refusal("site\n5\n" + kRoot), "three lines"));
  CHECK(contains(checkpoint_refusal("site\n5\n" + kRoot + "\nextension\n"), "three lines"));
  CHECK(contains(checkpoint_refusal("\n5\n" + kRoot + "\n"), "origin"));
  for (const std::string size : {"", "05", "-1", "+5", "5 ", "9223372036854775808", "0x5"})
    CHECK(contains(checkpoint_refusal("site\n" + size + "\n" + kRoot + "\n"), "not a size"));
  for (const std::string& root : {std::string(), kRoot.substr(4), kRoot.substr(0, 43)})
    CHECK(contains(checkpoint_refusal("site\n5\n" + root + "\n"), "SHA-256"));
}

TEST_CASE("A proof file keeps its checkpoint verbatim and is refused in any other form") {
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const auto proof =
      parse_proof_file(head + "extra AAAA\nindex 7\n" + kRoot + "\n\nnote\n", "proof");
  CHECK(proof.index == 7);
  CHECK(proof.proof.size() == 1);
  CHECK(proof.checkpoint == "note\n");
  CHECK(contains(proof_refusal("index 7\n\n"), "first line"));
  CHECK(contains(proof_refusal(head + "7\n\n"), "no index"));
  CHECK(contains(proof_refusal(head + "index 07\n\n"), "its index is not a number"));
  CHECK(contains(proof_refusal(head + "index 7\nAAAA\n\n"), "SHA-256"));
  CHECK(contains(proof_refusal(head + "index 7\n" + kRoot + "\n"), "no empty line"));
  std::string many = head + "index 7\n";
  for (int i = 0; i < 64; ++i) many += kRoot + "\n";
  CHECK(contains(proof_refusal(many + "\n"), "too many"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
