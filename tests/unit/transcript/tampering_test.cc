// Whatever is done to a transcript's files is found, and the text says where and why.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "transcript/proof_tree.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool includes(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string changed_at(std::string text, std::size_t at) {
  text[at] = static_cast<char>(text[at] ^ 1);
  return text;
}

// What one proof file proves, by the bytes that it has now; "" when it proves its entry.
std::string proof_outcome(const LogScene& scene, const std::string& bytes,
                          const std::string& entry) {
  try {
    const auto proof = transcript::parse_proof_file(bytes, "the proof");
    const auto checkpoint = transcript::parse_signed_checkpoint(proof.checkpoint, "its checkpoint");
    (void)verify_checkpoint(checkpoint, scene.request().keys, "its checkpoint");
    const auto& head = checkpoint.checkpoint.head;
    transcript::Hasher hasher;
    return verifies_inclusion(hasher, proof.index, head.size, hasher.leaf(as_bytes(entry)),
                              proof.proof, head.root)
               ? ""
               : "not in the tree";
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kVerification);
    return error.code();
  }
}

TEST_CASE("Each byte of a log that is changed is found, and the entry is named") {
  LogScene scene(5);
  const std::string checkpoint = scene.checkpoint(5);
  const auto lines = scene.lines();
  for (std::size_t line = 0; line < lines.size(); ++line) {
    for (std::size_t at = 0; at < lines[line].size(); ++at) {
      scene.lines() = lines;
      scene.lines()[line] = changed_at(lines[line], at);
      scene.write(checkpoint);
      std::string message;
      const std::string code = scene.outcome(&message);
      CAPTURE(line);
      CAPTURE(at);
      CAPTURE(message);
      CHECK(code == "log-changed");
      // An entry is named by its number, or by that of the one that no longer follows it.
      const bool named = includes(message, "entry " + std::to_string(line)) ||
                         includes(message, "line " + std::to_string(line)) ||
                         (line > 0 && includes(message, "entry " + std::to_string(line - 1)));
      CHECK(named);
    }
  }
}

TEST_CASE("Each line end of a log that is changed is found") {
  LogScene scene(4);
  scene.write(scene.checkpoint(4));
  const std::string log = as_text(scene.shop().get("log.jsonl"));
  for (std::size_t at = log.find('\n'); at != std::string::npos; at = log.find('\n', at + 1)) {
    scene.shop().put("log.jsonl", as_bytes(changed_at(log, at)));
    const std::string code = scene.outcome();
    CHECK((code == "log-truncated" || code == "log-changed"));
    std::string doubled = log;
    doubled.insert(at, "\n");
    scene.shop().put("log.jsonl", as_bytes(doubled));
    if (at + 1 != log.size()) CHECK(scene.outcome() == "entry-empty");
  }
}

TEST_CASE("Each byte of a checkpoint that is changed is found, and the text says why") {
  LogScene scene(5);
  const std::string checkpoint = scene.checkpoint(5);
  for (std::size_t at = 0; at < checkpoint.size(); ++at) {
    scene.write(changed_at(checkpoint, at));
    std::string message;
    const std::string code = scene.outcome(&message);
    CAPTURE(at);
    CAPTURE(message);
    const bool expected = code == "note-invalid" || code == "checkpoint-invalid" ||
                          code == "checkpoint-of-other-log" || code == "note-signature-wrong" ||
                          code == "note-unsigned";
    CHECK(expected);
    CHECK(includes(message, "checkpoint"));
  }
}

TEST_CASE("Each byte of a proof file that is changed proves nothing any more") {
  LogScene scene(7);
  transcript::Hasher hasher;
  std::vector<transcript::Hash> leaves;
  for (const auto& line : scene.lines()) leaves.push_back(hasher.leaf(as_bytes(line)));
  const transcript::ProofTree tree(hasher, leaves);
  const transcript::ProofFile proof{
      .index = 6, .proof = tree.inclusion(6), .checkpoint = scene.checkpoint(7)};
  const std::string bytes = proof.bytes();
  const std::string entry = scene.lines()[6];
  CHECK(proof_outcome(scene, bytes, entry) == "");
  CHECK(proof_outcome(scene, bytes, scene.lines()[5]) == "not in the tree");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    CAPTURE(at);
    CHECK(proof_outcome(scene, changed_at(bytes, at), entry) != "");
  }
}

TEST_CASE("Proofs read from a whole tree are those that are hashed one by one") {
  transcript::Hasher hasher;
  std::vector<transcript::Hash> leaves;
  for (std::size_t size = 1; size < 70; ++size) {
    leaves.push_back(hasher.leaf(as_bytes(std::to_string(size))));
    const transcript::ProofTree tree(hasher, leaves);
    CHECK(tree.root() == root_of(hasher, leaves));
    for (std::size_t i = 0; i < size; ++i)
      CHECK(tree.inclusion(i) == inclusion_proof(hasher, leaves, i));
    CHECK(refusal_of([&] { (void)tree.inclusion(size); }).code == "proof-range");
  }
}

TEST_CASE("A log cut to an earlier size with that size's own checkpoint needs another hand") {
  LogScene scene(9);
  const std::string earlier = scene.checkpoint(4);
  scene.shop().put("kept", as_bytes(scene.checkpoint(9)));
  scene.lines().resize(4);
  scene.write(earlier);
  CHECK(scene.outcome() == "");
  auto request = scene.request();
  request.from = scene.shop().folder() / "kept";
  std::string message;
  CHECK(scene.outcome(request, &message) == "log-shrunk");
  CHECK(includes(message, "the checkpoint signs 4 entries, and the earlier one 9"));
}

TEST_CASE("A fork says from which entry on there are two histories") {
  LogScene scene(9);
  scene.shop().put("kept", as_bytes(scene.checkpoint(6)));
  std::string entry = scene.lines()[4];
  scene.lines()[4] = entry.replace(entry.find("kek"), 3, "KEK");
  scene.write(scene.checkpoint(9));
  auto request = scene.request();
  request.from = scene.shop().folder() / "kept";
  std::string message;
  CHECK(scene.outcome(request, &message) == "log-forked");
  CHECK(includes(message, "entry 4 is not the entry that entry 5 names"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
