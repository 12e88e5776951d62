#include "crypto/rsa_oaep.h"

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "crypto/internal/oaep_open.h"
#include "crypto/throwaway_rsa.h"
#include "support/command.h"
#include "unit/crypto/refusal.h"
#include "unit/crypto/wycheproof.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::oaep_open;

struct Row {
  std::string file{};
  std::string name{};  // as the vectors' "sha" and "mgfSha"
  std::string mgf_name{};
  Hash hash{};
  Hash mgf1{};
  std::size_t valid{};
  std::size_t labelled{};  // valid, but with a label, which keyrite never writes or opens
  std::size_t invalid{};
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"2048_sha1_mgf1sha1", "SHA-1", "SHA-1", Hash::kSha1, Hash::kSha1, 10, 7, 19},
      {"2048_sha256_mgf1sha1", "SHA-256", "SHA-1", Hash::kSha256, Hash::kSha1, 10, 3, 18},
      {"2048_sha256_mgf1sha256", "SHA-256", "SHA-256", Hash::kSha256, Hash::kSha256, 10, 8, 19},
      {"3072_sha256_mgf1sha256", "SHA-256", "SHA-256", Hash::kSha256, Hash::kSha256, 10, 8, 19},
      {"4096_sha256_mgf1sha256", "SHA-256", "SHA-256", Hash::kSha256, Hash::kSha256, 10, 8, 19},
  };
  return table;
}

std::optional<std::vector<VectorGroup>> vectors_of(const Row& row) {
  return wycheproof("rsa_oaep_" + row.file + "_test.json");
}

crypto::PkeyPtr key_pair_of(const VectorGroup& group) {
  const Bytes pkcs8 = from_hex(group.fields.at("privateKeyPkcs8").get<std::string>());
  const unsigned char* cursor = pkcs8.data();
  crypto::PkeyPtr key(d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(pkcs8.size())));
  REQUIRE(key != nullptr);
  return key;
}

std::string openssl_name(Hash hash) { return hash == Hash::kSha1 ? "sha1" : "sha256"; }

// What openssl's program opens with key.pem.
Output opened_by_openssl(const Workshop& shop, ByteView block, Hash hash) {
  shop.put("block", block);
  return shop.run(
      "openssl pkeyutl -decrypt -inkey key.pem -in block -pkeyopt rsa_padding_mode:oaep" +
      (" -pkeyopt rsa_oaep_md:" + openssl_name(hash)) +
      " -pkeyopt rsa_mgf1_md:" + openssl_name(hash) + " 2>/dev/null");
}

struct Count {
  std::size_t valid{};
  std::size_t labelled{};
  std::size_t invalid{};
};

void check_vector(const Row& row, EVP_PKEY* key, const Vector& vector, Count& count) {
  CAPTURE(vector.number);
  const auto opened = oaep_open(key, row.hash, row.mgf1, vector.bytes("ct"));
  if (vector.verdict == Verdict::kInvalid) {
    ++count.invalid;
    CHECK_FALSE(opened);
    return;
  }
  REQUIRE(vector.verdict == Verdict::kValid);
  if (!vector.bytes("label").empty()) {
    ++count.labelled;
    CHECK_FALSE(opened);
    return;
  }
  ++count.valid;
  CHECK(opened == vector.bytes("msg"));
}

TEST_CASE("OAEP: every Wycheproof vector, by the function that opens what a token wrapped") {
  for (const Row& row : rows()) {
    CAPTURE(row.file);
    const auto groups = vectors_of(row);
    if (!groups) return;
    Count count;
    for (const VectorGroup& group : *groups) {
      REQUIRE(group.fields.at("sha") == row.name);
      REQUIRE(group.fields.at("mgfSha") == row.mgf_name);
      const crypto::PkeyPtr key = key_pair_of(group);
      for (const Vector& vector : group.vectors) check_vector(row, key.get(), vector, count);
    }
    CHECK(count.valid == row.valid);
    CHECK(count.labelled == row.labelled);
    CHECK(count.invalid == row.invalid);
  }
}

TEST_CASE("A block opens under the two hashes it was made with, and under no other pair") {
  constexpr std::array kHashes{Hash::kSha1, Hash::kSha256};
  for (const Row& row : rows()) {
    CAPTURE(row.file);
    const auto groups = vectors_of(row);
    if (!groups) return;
    const VectorGroup& group = groups->front();
    const crypto::PkeyPtr key = key_pair_of(group);
    const Vector& vector = group.vectors.at(1);
    REQUIRE(vector.bytes("label").empty());
    for (const Hash hash : kHashes) {
      for (const Hash mgf1 : kHashes) {
        const bool same = hash == row.hash && mgf1 == row.mgf1;
        CHECK(oaep_open(key.get(), hash, mgf1, vector.bytes("ct")).has_value() == same);
      }
    }
  }
}

TEST_CASE("What oaep_encrypt makes for the vectors' keys is opened by openssl's program") {
  const Workshop shop;
  for (const Row& row : rows()) {
    CAPTURE(row.file);
    const auto groups = vectors_of(row);
    if (!groups) return;
    const std::string pem = groups->front().fields.at("privateKeyPem").get<std::string>();
    shop.put("key.pem", as_bytes(pem));
    const auto key =
        crypto::PublicKey::from_pem(as_text(shop.must("openssl pkey -in key.pem -pubout")), "key");
    for (const Hash hash : {Hash::kSha1, Hash::kSha256}) {
      const std::size_t longest = crypto::oaep_capacity(key.rsa_bits(), hash);
      for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{32}, longest}) {
        CAPTURE(size);
        const Bytes message(size, 0x42);
        const Bytes block = crypto::oaep_encrypt(key, hash, message);
        CHECK(block.size() == key.rsa_bits() / 8);
        const Output output = opened_by_openssl(shop, block, hash);
        CHECK(output.exit_code == 0);
        CHECK(output.out == message);
        CHECK(opened_by_openssl(shop, block, hash == Hash::kSha1 ? Hash::kSha256 : Hash::kSha1)
                  .exit_code != 0);
      }
    }
  }
}

TEST_CASE("OAEP capacity is k - 2 hLen - 2, and nothing where the modulus is too small") {
  CHECK(crypto::oaep_capacity(2048, Hash::kSha1) == 214);
  CHECK(crypto::oaep_capacity(3072, Hash::kSha1) == 342);
  CHECK(crypto::oaep_capacity(4096, Hash::kSha1) == 470);
  CHECK(crypto::oaep_capacity(2048, Hash::kSha256) == 190);
  CHECK(crypto::oaep_capacity(3072, Hash::kSha256) == 318);
  CHECK(crypto::oaep_capacity(4096, Hash::kSha256) == 446);
  CHECK(crypto::oaep_capacity(2047, Hash::kSha1) == 214);
  CHECK(crypto::oaep_capacity(512, Hash::kSha1) == 22);
  CHECK(crypto::oaep_capacity(512, Hash::kSha256) == 0);
  CHECK(crypto::oaep_capacity(0, Hash::kSha1) == 0);
}

TEST_CASE("A message one byte too long is refused as oaep-too-long") {
  const auto rsa = crypto::ThrowawayRsa::make(2048);
  for (const Hash hash : {Hash::kSha1, Hash::kSha256}) {
    const Bytes message(crypto::oaep_capacity(2048, hash) + 1);
    check_refused(Kind::kInternal, "oaep-too-long", [&] {
      static_cast<void>(crypto::oaep_encrypt(rsa.public_key(), hash, message));
    });
  }
}

TEST_CASE("OAEP under a key that is not RSA is refused") {
  const auto ed25519 = crypto::PublicKey::from_ed25519(
      from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), "a key");
  check_refused(Kind::kInternal, "oaep-too-long",
                [&] { static_cast<void>(crypto::oaep_encrypt(ed25519, Hash::kSha256, Bytes(1))); });
  check_refused(Kind::kInternal, "openssl",
                [&] { static_cast<void>(crypto::oaep_encrypt(ed25519, Hash::kSha256, {})); });
}

TEST_CASE("OAEP is randomised: the same message gives another block each time") {
  const auto rsa = crypto::ThrowawayRsa::make(2048);
  std::set<Bytes> blocks;
  for (int i = 0; i < 8; ++i) {
    blocks.insert(crypto::oaep_encrypt(rsa.public_key(), Hash::kSha256, Bytes(32)));
  }
  CHECK(blocks.size() == 8);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
