#include "transcript/merkle.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "base/json.h"
#include "support/command.h"
#include "support/json_file.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::Hash;
using transcript::Hasher;
using transcript::Proof;

const std::vector<std::string> kReferenceLeaves{"",
                                                "00",
                                                "10",
                                                "2021",
                                                "3031",
                                                "40414243",
                                                "5051525354555657",
                                                "606162636465666768696a6b6c6d6e6f"};
// Of the first 1 to 8 reference leaves.
const std::vector<std::string> kReferenceRoots{
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Hash> numbered_leaves(Hasher& hasher, std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(hasher.leaf(as_bytes("entry " + std::to_string(i))));
  return leaves;
}

// A root or leaf of a probe. Some have not 32 bytes, which our type cannot hold: a hash of them
// stands for them, equal where they are equal.
Hash hash_at(Hasher& hasher, const JsonView& file, std::string_view field) {
  const auto text = file.optional_text(field);
  const Bytes bytes = text ? from_base64(*text, field) : Bytes{};
  return transcript::hash_of(bytes).value_or(hasher.leaf(bytes));
}

std::optional<Proof> proof_of(const JsonView& file) {
  Proof proof;
  const auto list = file.find("proof");
  if (!list) return proof;
  for (const JsonView& item : list->items()) {
    const auto hash = transcript::hash_of(from_base64(item.text(), "proof"));
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

bool accepts_inclusion(Hasher& hasher, const JsonView& file) {
  const auto number = [&](const char* field) { return file.at(field).raw().get<std::uint64_t>(); };
  const auto proof = proof_of(file);
  // One probe has neither leaf nor root, which are equal then.
  return proof && file.optional_text("leafHash").value_or("") != "" &&
         verifies_inclusion(hasher, number("leafIdx"), number("treeSize"),
                            hash_at(hasher, file, "leafHash"), *proof,
                            hash_at(hasher, file, "root"));
}

bool accepts_consistency(Hasher& hasher, const JsonView& file) {
  const auto head = [&](const char* size, const char* root) {
    return transcript::TreeHead{.size = file.at(size).raw().get<std::uint64_t>(),
                                .root = hash_at(hasher, file, root)};
  };
  const auto proof = proof_of(file);
  return proof &&
         verifies_consistency(hasher, head("size1", "root1"), head("size2", "root2"), *proof);
}

struct Tally {
  std::size_t good{};
  std::size_t bad{};
};

// Runs each probe of a folder, and counts what was to be accepted and refused.
Tally run_probes(const std::filesystem::path& folder, bool (*accepts)(Hasher&, const JsonView&)) {
  Hasher hasher;
  Tally tally;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    const Json json = read_json_file(entry.path());
    const JsonView file(json, entry.path());
    const bool wanted = !file.at("wantErr").boolean();
    CHECK(accepts(hasher, file) == wanted);
    (wanted ? tally.good : tally.bad) += 1;
  }
  return tally;
}

TEST_CASE("Leaves, nodes and the empty tree hash as in RFC 6962's reference") {
  Hasher hasher;
  CHECK(to_hex(hasher.empty()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(hasher.leaf({})) == kReferenceRoots.front());
  CHECK(to_hex(hasher.leaf(as_bytes("L123456"))) ==
        "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  std::vector<Hash> leaves;
  for (std::size_t n = 0; n < kReferenceLeaves.size(); ++n) {
    leaves.push_back(hasher.leaf(from_hex(kReferenceLeaves[n])));
    CHECK(to_hex(root_of(hasher, leaves)) == kReferenceRoots[n]);
  }
}

TEST_CASE("Roots of 0 to 130 entries are those that python3 computes level by level") {
  const Workshop shop;
  constexpr std::size_t kSizes = 131;
  shop.put("roots.py", as_bytes(R"(
import hashlib
H = lambda b: hashlib.sha256(b).digest()
for n in range(131):
    level = [H(b'\0' + b'entry %d' % i) for i in range(n)]
    while len(level) > 1:
        above = [H(b'\1' + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = above + ([level[-1]] if len(level) % 2 else [])
    print((level[0] if level else H(b'')).hex())
)"));
  const std::string expected = as_text(shop.must("python3 roots.py"));
  Hasher hasher;
  std::string roots;
  for (std::size_t n = 0; n < kSizes; ++n)
    roots += to_hex(root_of(hasher, numbered_leaves(hasher, n))) + "\n";
  CHECK(roots == expected);
}

TEST_CASE("Every proof of every tree up to 33 entries verifies, and in no other place") {
  Hasher hasher;
  const auto leaves = numbered_leaves(hasher, 33);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const std::span<const Hash> tree(leaves.data(), size);
    const Hash root = root_of(hasher, tree);
    for (std::size_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(hasher, tree, index);
      CHECK(verifies_inclusion(hasher, index, size, leaves[index], proof, root));
      CHECK_FALSE(verifies_inclusion(hasher, index + 1, size, leaves[index], proof, root));
      CHECK_FALSE(verifies_inclusion(hasher, size, size, leaves[index], proof, root));
    }
    for (std::size_t older = 0; older <= size; ++older) {
      const Hash old_root = root_of(hasher, tree.first(older));
      const Proof proof = consistency_proof(hasher, tree, older);
      CHECK(verifies_consistency(hasher, {older, old_root}, {size, root}, proof) == (older != 0));
      if (older < size && older > 0) {
        CHECK_FALSE(verifies_consistency(hasher, {older, root}, {size, root}, proof));
        CHECK_FALSE(verifies_consistency(hasher, {older, old_root}, {size, old_root}, proof));
      }
    }
  }
}

TEST_CASE("All inclusion probes of transparency-dev are judged as they say") {
  const auto folder = vectors("merkle/inclusion");
  if (!folder) return;
  const Tally tally = run_probes(*folder, accepts_inclusion);
  CHECK(tally.good == 6);
  CHECK(tally.bad == 92);
}

TEST_CASE("All consistency probes of transparency-dev are judged as they say") {
  const auto folder = vectors("merkle/consistency");
  if (!folder) return;
  const Tally tally = run_probes(*folder, accepts_consistency);
  CHECK(tally.good == 6);
  CHECK(tally.bad == 92);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
