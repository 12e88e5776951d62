// AES challenges of Azure and Google: the cloud's answer computed by openssl.
#include <doctest/doctest.h>

#include "base/json.h"
#include "support/key_wrap.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

const KeyType kAes256{KeyFamily::kAes, 256};

std::string kid() { return std::string(kAzureKey) + "/0123456789abcdef0123456789abcdef"; }
std::string version() { return std::string(kGoogleKey) + "/cryptoKeyVersions/1"; }

Bench azure_bench(const Workshop& shop, unsigned bits = 256) {
  return secret_bench(shop,
                      {Provider::kAzure, "oct", {"encrypt", "decrypt", "wrapKey", "unwrapKey"}},
                      {KeyFamily::kAes, bits}, counting_key(bits / 8), std::string(kAzureKey));
}

std::string iv_hex(const Workshop& shop) { return to_hex(shop.get("challenge-iv.bin")); }

Bytes cbc(const Workshop& shop, const std::string& key, const std::string& iv) {
  return shop.must("openssl enc -aes-" + std::to_string(key.size() * 4) + "-cbc -nopad -K " + key +
                   " -iv " + iv + " -in challenge.bin");
}

// The hidden bytes, as the cloud finds them when it decrypts challenge-gcm.bin. GCM is CTR from the
// IV with 2.
Bytes gcm_plaintext(const Workshop& shop, const std::string& key) {
  const std::string counter = to_hex(shop.get("challenge-gcm-iv.bin")) + "00000002";
  return shop.must("head -c 32 challenge-gcm.bin | openssl enc -d -aes-" +
                   std::to_string(key.size() * 4) + "-ctr -K " + key + " -iv " + counter);
}

TEST_CASE("Azure A128CBC, A192CBC and A256CBC are proven by az's answer") {
  for (const unsigned bits : {128U, 192U, 256U}) {
    const Workshop shop;
    const Bench bench = azure_bench(shop, bits);
    const std::string iv = iv_hex(shop);
    const Json answer{{"kid", kid()},
                      {"result", to_base64(cbc(shop, counting_key(bits / 8), iv))},
                      {"algorithm", "A" + std::to_string(bits) + "CBC"},
                      {"iv", iv},
                      {"tag", nullptr},
                      {"aad", nullptr}};
    const auto judged = judge_text(bench.expected, dump_json(answer));
    CHECK(judged.verdict == Verdict::kProven);
    CHECK(judged.basis == Basis::kCryptographic);
  }
}

TEST_CASE("An Azure encryption under another IV is no proof, one by another key is different") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  const std::string other_iv = "000102030405060708090a0b0c0d0e0f";
  const Json other{{"kid", kid()},
                   {"result", to_base64(cbc(shop, counting_key(32), other_iv))},
                   {"algorithm", "A256CBC"},
                   {"iv", other_iv}};
  CHECK(judge_text(bench.expected, dump_json(other)).verdict == Verdict::kConsistentNotProven);
  const std::string wrong_key = counting_key(31) + "ff";
  const Json wrong{{"kid", kid()},
                   {"result", to_base64(cbc(shop, wrong_key, iv_hex(shop)))},
                   {"algorithm", "A256CBC"},
                   {"iv", iv_hex(shop)}};
  CHECK(judge_text(bench.expected, dump_json(wrong)).verdict == Verdict::kDifferent);
}

TEST_CASE("An Azure answer of another key of the vault, or with another algorithm, is no proof") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  Json answer{
      {"kid", "https://acme.managedhsm.azure.net/keys/payments2/0123456789abcdef0123456789abcdef"},
      {"result", to_base64(cbc(shop, counting_key(32), iv_hex(shop)))},
      {"algorithm", "A256CBC"},
      {"iv", iv_hex(shop)}};
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
  answer["kid"] = kid();
  answer["algorithm"] = "A256CBCPAD";
  const auto judged = judge_text(bench.expected, dump_json(answer));
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.front().reason.find("A256CBCPAD") != std::string::npos);
}

TEST_CASE("Azure A256KW is proven by the REST answer in base64url") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  const Bytes wrapped = shop.must(kw_wrap_line(counting_key(32)) + " < challenge.bin");
  CHECK(wrapped.size() == 40);
  CHECK(judge_text(bench.expected, dump_json({{"kid", kid()}, {"value", to_base64url(wrapped)}}))
            .verdict == Verdict::kProven);
  CHECK(judge_text(
            bench.expected,
            dump_json({{"kid", kid()}, {"value", to_base64url(with_flipped_bit(wrapped, 39))}}))
            .verdict == Verdict::kDifferent);
  const Bytes shorter(wrapped.begin(), wrapped.end() - 8);
  CHECK(judge_text(bench.expected, dump_json({{"kid", kid()}, {"value", to_base64url(shorter)}}))
            .verdict == Verdict::kDifferent);
}

TEST_CASE("The key wrap of 32 zero bytes is the fact sheet's vector") {
  const Workshop shop;
  shop.put("zeros", Bytes(32, 0));
  CHECK(to_hex(shop.must(kw_wrap_line(counting_key(32)) + " < zeros")) ==
        "565848c0dcb68935f6ea0cdea9342dc7cc1ed00c14db88f72ce085b83ad88d9adbca504912312245");
}

TEST_CASE("Azure GCM is proven by the decryption of what the token encrypted") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  const Bytes plaintext = gcm_plaintext(shop, counting_key(32));
  const Json answer{{"kid", kid()}, {"result", to_base64(plaintext)}, {"algorithm", "A256GCM"}};
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kProven);
  const Json wrong{{"kid", kid()},
                   {"result", to_base64(with_flipped_bit(plaintext, 7))},
                   {"algorithm", "A256GCM"}};
  CHECK(judge_text(bench.expected, dump_json(wrong)).verdict == Verdict::kDifferent);
}

TEST_CASE("The hidden bytes of a GCM challenge are in no file of the bundle") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  const Bytes plaintext = gcm_plaintext(shop, counting_key(32));
  const std::string document = dump_json(to_json(bench.expected));
  CHECK(document.find(to_base64(plaintext)) == std::string::npos);
  CHECK(document.find(to_hex(plaintext)) == std::string::npos);
  for (const FolderFile& file : bench.set.files) {
    CHECK(file.content != plaintext);
  }
}

TEST_CASE("A GCM encryption by Azure, under the service's own IV, is no proof") {
  const Workshop shop;
  const Bench bench = azure_bench(shop);
  const Json answer{{"kid", kid()},
                    {"result", to_base64(Bytes(32, 7))},
                    {"algorithm", "A256GCM"},
                    {"iv", "000102030405060708090a0b"},
                    {"tag", "000102030405060708090a0b0c0d0e0f"},
                    {"aad", nullptr}};
  const auto judged = judge_text(bench.expected, dump_json(answer));
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.front().result == Result::kNotProof);
}

TEST_CASE("Google raw encryption in CBC and CTR is proven by the raw file and by JSON") {
  for (const unsigned bits : {128U, 256U}) {
    for (const std::string mode : {"cbc", "ctr"}) {
      const Workshop shop;
      const std::string algorithm = "aes-" + std::to_string(bits) + "-" + mode;
      CAPTURE(algorithm);
      const Bench bench =
          secret_bench(shop, {Provider::kGoogle, algorithm, {}}, {KeyFamily::kAes, bits},
                       counting_key(bits / 8), std::string(kGoogleKey));
      const Bytes ciphertext =
          shop.must("openssl enc -nopad -" + algorithm + " -K " + counting_key(bits / 8) + " -iv " +
                    iv_hex(shop) + " -in challenge.bin");
      CHECK(judge_bytes(bench.expected, ciphertext).verdict == Verdict::kProven);
      CHECK(judge_bytes(bench.expected, with_flipped_bit(ciphertext, 16)).verdict ==
            Verdict::kDifferent);
      Json answer{{"name", version()},
                  {"ciphertext", to_base64(ciphertext)},
                  {"initializationVector", to_base64(shop.get("challenge-iv.bin"))}};
      CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kProven);
      answer["initializationVector"] = to_base64(Bytes(16, 1));
      CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
    }
  }
}

TEST_CASE("Google GCM is proven by the decryption, raw and as JSON") {
  const Workshop shop;
  const Bench bench = secret_bench(shop, {Provider::kGoogle, "aes-256-gcm", {}}, kAes256,
                                   counting_key(32), std::string(kGoogleKey));
  const Bytes plaintext = gcm_plaintext(shop, counting_key(32));
  CHECK(judge_bytes(bench.expected, plaintext).verdict == Verdict::kProven);
  CHECK(judge_text(bench.expected, dump_json({{"plaintext", to_base64(plaintext)}})).verdict ==
        Verdict::kProven);
  CHECK(judge_bytes(bench.expected, with_flipped_bit(plaintext, 0)).verdict == Verdict::kDifferent);
  // The ciphertext of the bundle handed back is not an answer.
  CHECK(refusal(bench.expected, shop.get("challenge-gcm.bin")) == "evidence-unreadable");
}

TEST_CASE("A Google answer of another key is no proof, even with the right bytes") {
  const Workshop shop;
  const Bench bench = secret_bench(shop, {Provider::kGoogle, "aes-256-cbc", {}}, kAes256,
                                   counting_key(32), std::string(kGoogleKey));
  const Bytes ciphertext = cbc(shop, counting_key(32), iv_hex(shop));
  const Json answer{{"name", std::string(kGoogleKey) + "-2/cryptoKeyVersions/1"},
                    {"ciphertext", to_base64(ciphertext)}};
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("The challenge handed back as its own answer is unreadable, not different") {
  const Workshop shop;
  const Bench bench = secret_bench(shop, {Provider::kGoogle, "aes-256-cbc", {}}, kAes256,
                                   counting_key(32), std::string(kGoogleKey));
  CHECK(refusal(bench.expected, shop.get("challenge.bin")) == "evidence-unreadable");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
