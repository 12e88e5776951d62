// Signatures over the challenge and decryptions by RSA keys, made by openssl.
#include <doctest/doctest.h>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

void new_pair(const Workshop& shop, const std::string& algorithm) {
  shop.must("openssl genpkey " + algorithm + " -out own.key 2>/dev/null");
  shop.must("openssl pkey -in own.key -pubout -outform DER -out own.der");
}

void make_ec(const Workshop& shop, const std::string& curve) {
  new_pair(shop, "-algorithm EC -pkeyopt ec_paramgen_curve:" + curve +
                     " -pkeyopt ec_param_enc:named_curve");
}

void make_rsa(const Workshop& shop) {
  new_pair(shop, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
}

// r || s from openssl's listing of the DER.
Bytes raw_signature(const Workshop& shop, const Bytes& der, std::size_t field) {
  shop.put("sig.der", der);
  const std::string listing =
      as_text(shop.must("openssl asn1parse -inform DER -in sig.der | sed -n 's/.*INTEGER *://p'"));
  std::string hex;
  std::size_t at = 0;
  while (at < listing.size()) {
    const std::size_t end = listing.find('\n', at);
    std::string part = listing.substr(at, end - at);
    part.insert(0, 2 * field - part.size(), '0');
    hex += part;
    at = end + 1;
  }
  return from_hex(hex);
}

std::string aws_answer(const Bytes& signature, const std::string& algorithm) {
  return dump_json({{"KeyId", std::string(kAwsKey)},
                    {"Signature", to_base64(signature)},
                    {"SigningAlgorithm", algorithm}});
}

TEST_CASE("ECDSA signatures of AWS are proven on every curve") {
  struct Row {
    std::string curve{};
    std::string spec{};
    std::string word{};
    std::string hash{};
  };
  for (const Row& row : {Row{"P-256", "ECC_NIST_P256", "ECDSA_SHA_256", "sha256"},
                         Row{"P-384", "ECC_NIST_P384", "ECDSA_SHA_384", "sha384"},
                         Row{"P-521", "ECC_NIST_P521", "ECDSA_SHA_512", "sha512"},
                         Row{"secp256k1", "ECC_SECG_P256K1", "ECDSA_SHA_256", "sha256"}}) {
    CAPTURE(row.spec);
    const Workshop shop;
    make_ec(shop, row.curve);
    const Bench bench = pair_bench(shop, {Provider::kAws, row.spec, {"SIGN_VERIFY"}}, "own.der",
                                   std::string(kAwsKey));
    const Bytes signature = shop.must("openssl dgst -" + row.hash + " -sign own.key challenge.bin");
    const auto judged = judge_text(bench.expected, aws_answer(signature, row.word));
    CHECK(judged.verdict == Verdict::kProven);
    CHECK(judged.basis == Basis::kCryptographic);
    const Bytes broken = with_flipped_bit(signature, signature.size() - 1);
    CHECK(judge_text(bench.expected, aws_answer(broken, row.word)).verdict == Verdict::kDifferent);
    CHECK(judge_text(bench.expected, aws_answer(signature, "ECDSA_SHA_1")).verdict ==
          Verdict::kConsistentNotProven);
  }
}

TEST_CASE("A signature over something else than the challenge is different") {
  const Workshop shop;
  make_ec(shop, "P-256");
  const Bench bench = pair_bench(shop, {Provider::kAws, "ECC_NIST_P256", {"SIGN_VERIFY"}},
                                 "own.der", std::string(kAwsKey));
  shop.put("other", bytes_of("something else"));
  const Bytes signature = shop.must("openssl dgst -sha256 -sign own.key other");
  CHECK(judge_text(bench.expected, aws_answer(signature, "ECDSA_SHA_256")).verdict ==
        Verdict::kDifferent);
}

TEST_CASE("A truncated signature is unreadable") {
  const Workshop shop;
  make_ec(shop, "P-256");
  const Bench bench = pair_bench(shop, {Provider::kAws, "ECC_NIST_P256", {"SIGN_VERIFY"}},
                                 "own.der", std::string(kAwsKey));
  Bytes signature = shop.must("openssl dgst -sha256 -sign own.key challenge.bin");
  signature.pop_back();
  CHECK(refusal(bench.expected, bytes_of(aws_answer(signature, "ECDSA_SHA_256"))) ==
        "evidence-unreadable");
}

TEST_CASE("Azure signs r || s, by az and by REST") {
  const Workshop shop;
  make_ec(shop, "P-256");
  const Bench bench =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const Bytes raw =
      raw_signature(shop, shop.must("openssl dgst -sha256 -sign own.key challenge.bin"), 32);
  const std::string kid = std::string(kAzureKey) + "/0123456789abcdef0123456789abcdef";
  CHECK(
      judge_text(bench.expected,
                 dump_json({{"keyId", kid}, {"algorithm", "ES256"}, {"signature", to_base64(raw)}}))
          .verdict == Verdict::kProven);
  CHECK(
      judge_text(bench.expected, dump_json({{"kid", kid}, {"value", to_base64url(raw)}})).verdict ==
      Verdict::kProven);
  CHECK(judge_text(bench.expected,
                   dump_json({{"kid", kid}, {"value", to_base64url(with_flipped_bit(raw, 40))}}))
            .verdict == Verdict::kDifferent);
  CHECK(judge_text(
            bench.expected,
            dump_json({{"keyId", kid}, {"algorithm", "ES256K"}, {"signature", to_base64(raw)}}))
            .verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("RSA-PSS of AWS and Azure, and both paddings of Google, are proven") {
  const Workshop shop;
  make_rsa(shop);
  const std::string pss =
      " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -sign own.key challenge.bin";
  const Bench aws = pair_bench(shop, {Provider::kAws, "RSA_2048", {"SIGN_VERIFY"}}, "own.der",
                               std::string(kAwsKey));
  const Bytes pss256 = shop.must("openssl dgst -sha256" + pss);
  CHECK(judge_text(aws.expected, aws_answer(pss256, "RSASSA_PSS_SHA_256")).verdict ==
        Verdict::kProven);
  const Bench azure =
      pair_bench(shop, {Provider::kAzure, "RSA", {"sign"}}, "own.der", std::string(kAzureKey));
  CHECK(judge_text(azure.expected, dump_json({{"kid", std::string(kAzureKey) + "/1"},
                                              {"value", to_base64url(pss256)}}))
            .verdict == Verdict::kProven);
  const Bench google_pss = pair_bench(shop, {Provider::kGoogle, "rsa-sign-pss-2048-sha256", {}},
                                      "own.der", std::string(kGoogleKey));
  CHECK(judge_bytes(google_pss.expected, pss256).verdict == Verdict::kProven);
  const Bench google_pkcs1 = pair_bench(shop, {Provider::kGoogle, "rsa-sign-pkcs1-2048-sha256", {}},
                                        "own.der", std::string(kGoogleKey));
  CHECK(judge_bytes(google_pkcs1.expected,
                    shop.must("openssl dgst -sha256 -sign own.key challenge.bin"))
            .verdict == Verdict::kProven);
  CHECK(judge_bytes(google_pkcs1.expected, pss256).verdict == Verdict::kDifferent);
}

TEST_CASE("Ed25519 of Google is proven by the raw signature file") {
  const Workshop shop;
  new_pair(shop, "-algorithm ed25519");
  const Bench bench = pair_bench(shop, {Provider::kGoogle, "ec-sign-ed25519", {}}, "own.der",
                                 std::string(kGoogleKey));
  const Bytes signature =
      shop.must("openssl pkeyutl -sign -rawin -inkey own.key -in challenge.bin");
  CHECK(judge_bytes(bench.expected, signature).verdict == Verdict::kProven);
  CHECK(judge_bytes(bench.expected, with_flipped_bit(signature, 0)).verdict == Verdict::kDifferent);
  const Json answer{{"signature", to_base64(signature)},
                    {"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"}};
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kProven);
}

TEST_CASE("Google's raw PKCS #1 keys sign the DigestInfo that is in the bundle") {
  const Workshop shop;
  make_rsa(shop);
  const Bench bench = pair_bench(shop, {Provider::kGoogle, "rsa-sign-raw-pkcs1-2048", {}},
                                 "own.der", std::string(kGoogleKey));
  REQUIRE(bench.set.asked.size() == 1);
  CHECK(bench.set.asked.front().input_file == "challenge-digest-info.bin");
  // Padded by openssl as the cloud pads: without a hash of its own.
  const Bytes signature =
      shop.must("openssl pkeyutl -sign -inkey own.key -in challenge-digest-info.bin");
  CHECK(judge_bytes(bench.expected, signature).verdict == Verdict::kProven);
  CHECK(signature == shop.must("openssl dgst -sha256 -sign own.key challenge.bin"));
}

TEST_CASE("Google's RSA-OAEP with SHA-512 is proven by a decryption") {
  const Workshop shop;
  make_rsa(shop);
  const Bench bench = pair_bench(shop, {Provider::kGoogle, "rsa-decrypt-oaep-2048-sha512", {}},
                                 "own.der", std::string(kGoogleKey));
  const Bytes plaintext = shop.must(
      "openssl pkeyutl -decrypt -inkey own.key -in challenge-oaep.bin -pkeyopt "
      "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha512 -pkeyopt rsa_mgf1_md:sha512");
  CHECK(judge_bytes(bench.expected, plaintext).verdict == Verdict::kProven);
}

TEST_CASE("An RSA key for decryption is proven by the bytes that only it can find") {
  const Workshop shop;
  make_rsa(shop);
  const Bench bench = pair_bench(shop, {Provider::kAws, "RSA_2048", {"ENCRYPT_DECRYPT"}}, "own.der",
                                 std::string(kAwsKey));
  REQUIRE(bench.set.asked.size() == 1);
  CHECK(bench.set.asked.front().input_file == "challenge-oaep.bin");
  const Bytes plaintext = shop.must(
      "openssl pkeyutl -decrypt -inkey own.key -in challenge-oaep.bin -pkeyopt "
      "rsa_padding_mode:oaep "
      "-pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256");
  Json answer{{"KeyId", std::string(kAwsKey)},
              {"Plaintext", to_base64(plaintext)},
              {"EncryptionAlgorithm", "RSAES_OAEP_SHA_256"}};
  const auto judged = judge_text(bench.expected, dump_json(answer));
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.basis == Basis::kCryptographic);
  answer["Plaintext"] = to_base64(with_flipped_bit(plaintext, 3));
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kDifferent);
}

TEST_CASE("A key that only agrees on keys is proven by the secret that only it can share") {
  struct Row {
    const char* group;
    const char* spec;
    std::size_t bytes;
  };
  for (const Row& row : {Row{"P-256", "ECC_NIST_P256", 32}, Row{"P-384", "ECC_NIST_P384", 48},
                         Row{"P-521", "ECC_NIST_P521", 66}}) {
    CAPTURE(row.group);
    const Workshop shop;
    make_ec(shop, row.group);
    const Bench bench = pair_bench(shop, {Provider::kAws, row.spec, {"KEY_AGREEMENT"}}, "own.der",
                                   std::string(kAwsKey));
    REQUIRE(bench.set.asked.size() == 1);
    CHECK(bench.set.asked.front().input_file == "challenge-ecdh.der");
    CHECK(bench.expected.not_asked.empty());
    REQUIRE(bench.expected.answers.size() == 1);
    CHECK(bench.expected.answers.front().answer_bytes == row.bytes);
    // As KMS does: the private key with the public one that it is given.
    const Bytes shared = shop.must(
        "openssl pkeyutl -derive -inkey own.key -peerform DER -peerkey challenge-ecdh.der");
    Json answer{{"KeyId", std::string(kAwsKey)},
                {"SharedSecret", to_base64(shared)},
                {"KeyAgreementAlgorithm", "ECDH"},
                {"KeyOrigin", "EXTERNAL"}};
    const auto judged = judge_text(bench.expected, dump_json(answer));
    CHECK(judged.verdict == Verdict::kProven);
    CHECK(judged.basis == Basis::kCryptographic);
    answer["SharedSecret"] = to_base64(with_flipped_bit(shared, 3));
    CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kDifferent);
    answer["KeyAgreementAlgorithm"] = "ECDH-OTHER";
    CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
  }
}

TEST_CASE("Two bundles of one key do not share a throw-away key") {
  const Workshop shop;
  make_ec(shop, "P-256");
  const CloudUse agreement{Provider::kAws, "ECC_NIST_P256", {"KEY_AGREEMENT"}};
  const Bench one = pair_bench(shop, agreement, "own.der", std::string(kAwsKey));
  const Bench two = pair_bench(shop, agreement, "own.der", std::string(kAwsKey));
  CHECK(one.expected.answers.front().answer_sha256 != two.expected.answers.front().answer_sha256);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
