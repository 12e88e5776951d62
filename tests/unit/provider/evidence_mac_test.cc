// MACs over the challenge, as AWS, Google and Azure answer them, computed by python3.
#include <doctest/doctest.h>

#include "base/json.h"
#include "provider/google/crc32c.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

struct MacCase {
  Provider provider{};
  std::string algorithm{};  // of the cloud
  std::string python{};
  unsigned key_bytes{};
};

Bytes python_hmac(const Workshop& shop, const std::string& hash, const std::string& key_hex) {
  return shop.must(
      "python3 -c \"import hmac,sys; sys.stdout.buffer.write(hmac.new(bytes.fromhex('" + key_hex +
      "'), open('challenge.bin','rb').read(), '" + hash + "').digest())\"");
}

std::string aws_answer(const std::string& key, const Bytes& mac, const std::string& algorithm) {
  return dump_json({{"Mac", to_base64(mac)}, {"MacAlgorithm", algorithm}, {"KeyId", key}});
}

Bench aws_bench(const Workshop& shop) {
  return secret_bench(shop, {Provider::kAws, "HMAC_256", {"GENERATE_VERIFY_MAC"}},
                      {KeyFamily::kGenericSecret, 32}, counting_key(32), std::string(kAwsKey));
}

TEST_CASE("Every HMAC of AWS is proven by the MAC that python computes over the challenge") {
  const std::vector<MacCase> cases{{Provider::kAws, "HMAC_224", "sha224", 28},
                                   {Provider::kAws, "HMAC_256", "sha256", 32},
                                   {Provider::kAws, "HMAC_384", "sha384", 48},
                                   {Provider::kAws, "HMAC_512", "sha512", 64}};
  for (const MacCase& row : cases) {
    CAPTURE(row.algorithm);
    const Workshop shop;
    const std::string key = counting_key(row.key_bytes);
    const Bench bench =
        secret_bench(shop, {row.provider, row.algorithm, {}},
                     {KeyFamily::kGenericSecret, row.key_bytes}, key, std::string(kAwsKey));
    REQUIRE(bench.expected.answers.size() == 1);
    const std::string word = "HMAC_SHA_" + row.algorithm.substr(5);
    const auto judged = judge_text(
        bench.expected, aws_answer(std::string(kAwsKey), python_hmac(shop, row.python, key), word));
    CHECK(judged.verdict == Verdict::kProven);
    CHECK(judged.basis == Basis::kCryptographic);
    CHECK(judged.findings.front().what == "AWS generate-mac " + word);
  }
}

TEST_CASE("Every HMAC of Google is proven by the raw file and by the JSON answer") {
  const std::vector<MacCase> cases{{Provider::kGoogle, "hmac-sha1", "sha1", 20},
                                   {Provider::kGoogle, "hmac-sha224", "sha224", 28},
                                   {Provider::kGoogle, "hmac-sha256", "sha256", 32},
                                   {Provider::kGoogle, "hmac-sha384", "sha384", 48},
                                   {Provider::kGoogle, "hmac-sha512", "sha512", 64}};
  for (const MacCase& row : cases) {
    CAPTURE(row.algorithm);
    const Workshop shop;
    const std::string key = counting_key(row.key_bytes);
    const Bench bench =
        secret_bench(shop, {row.provider, row.algorithm, {}},
                     {KeyFamily::kGenericSecret, row.key_bytes}, key, std::string(kGoogleKey));
    const Bytes mac = python_hmac(shop, row.python, key);
    CHECK(judge_bytes(bench.expected, mac).verdict == Verdict::kProven);
    const Json answer{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
                      {"mac", to_base64(mac)},
                      {"macCrc32c", std::to_string(google::crc32c(mac))}};
    CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kProven);
    CHECK(judge_bytes(bench.expected, with_flipped_bit(mac, mac.size() - 1)).verdict ==
          Verdict::kDifferent);
  }
}

TEST_CASE("An Azure HS256 answer is proven over the challenge and over its digest") {
  const Workshop shop;
  const std::string key = counting_key(32);
  const Bench bench = secret_bench(shop, {Provider::kAzure, "oct", {"sign", "verify"}},
                                   {KeyFamily::kGenericSecret, 32}, key, std::string(kAzureKey));
  CHECK(bench.set.asked.size() == 3);
  const std::string kid = std::string(kAzureKey) + "/0123456789abcdef0123456789abcdef";
  const Bytes direct = python_hmac(shop, "sha256", key);
  CHECK(judge_text(bench.expected, dump_json({{"kid", kid}, {"value", to_base64url(direct)}}))
            .verdict == Verdict::kProven);
  const Bytes of_digest = shop.must(
      "python3 -c \"import hmac,sys,hashlib; sys.stdout.buffer.write(hmac.new(bytes.fromhex('" +
      key +
      "'), hashlib.sha256(open('challenge.bin','rb').read()).digest(), 'sha256').digest())\"");
  CHECK(judge_text(bench.expected, dump_json({{"kid", kid}, {"value", to_base64url(of_digest)}}))
            .verdict == Verdict::kProven);
  CHECK(judge_text(bench.expected,
                   dump_json({{"kid", kid}, {"value", to_base64url(with_flipped_bit(direct, 0))}}))
            .verdict == Verdict::kDifferent);
}

TEST_CASE("A MAC with one bit changed, or by another key, is different") {
  const Workshop shop;
  const Bench bench = aws_bench(shop);
  const Bytes mac = python_hmac(shop, "sha256", counting_key(32));
  for (const std::size_t at : {std::size_t{0}, std::size_t{31}}) {
    const auto judged =
        judge_text(bench.expected,
                   aws_answer(std::string(kAwsKey), with_flipped_bit(mac, at), "HMAC_SHA_256"));
    CHECK(judged.verdict == Verdict::kDifferent);
    CHECK(judged.basis == Basis::kCryptographic);
  }
  const Bytes other = python_hmac(shop, "sha256", counting_key(33));
  CHECK(
      judge_text(bench.expected, aws_answer(std::string(kAwsKey), other, "HMAC_SHA_256")).verdict ==
      Verdict::kDifferent);
}

TEST_CASE("A right MAC that names another cloud key is no proof") {
  const Workshop shop;
  const Bench bench = aws_bench(shop);
  const Bytes mac = python_hmac(shop, "sha256", counting_key(32));
  for (const std::string key :
       {"arn:aws:kms:eu-central-1:111122223333:key/ffffffff-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}) {
    const auto judged = judge_text(bench.expected, aws_answer(key, mac, "HMAC_SHA_256"));
    CHECK(judged.verdict == Verdict::kConsistentNotProven);
    CHECK(judged.findings.front().result == Result::kNotProof);
    CHECK(judged.findings.front().reason.find(key) != std::string::npos);
  }
}

TEST_CASE("A bare key id stands for the ARN that ends in it") {
  const Workshop shop;
  const Bench bench = aws_bench(shop);
  const Bytes mac = python_hmac(shop, "sha256", counting_key(32));
  CHECK(judge_text(bench.expected,
                   aws_answer("1234abcd-12ab-34cd-56ef-1234567890ab", mac, "HMAC_SHA_256"))
            .verdict == Verdict::kProven);
}

TEST_CASE("A MAC by another algorithm is no proof, one of another length is unreadable") {
  const Workshop shop;
  const Bench bench = aws_bench(shop);
  const Bytes mac = python_hmac(shop, "sha256", counting_key(32));
  const auto other =
      judge_text(bench.expected, aws_answer(std::string(kAwsKey), mac, "HMAC_SHA_512"));
  CHECK(other.verdict == Verdict::kConsistentNotProven);
  CHECK(other.findings.front().reason.find("HMAC_SHA_256") != std::string::npos);
  const Bytes shorter(mac.begin(), mac.end() - 1);
  CHECK(refusal(bench.expected, bytes_of(aws_answer(std::string(kAwsKey), shorter,
                                                    "HMAC_SHA_256"))) == "evidence-unreadable");
  CHECK(refusal(bench.expected, bytes_of(aws_answer(std::string(kAwsKey), {}, "HMAC_SHA_256"))) ==
        "evidence-unreadable");
}

TEST_CASE("verify-mac says nothing about which MAC it verified") {
  const Workshop shop;
  const Bench bench = aws_bench(shop);
  const Json answer{
      {"KeyId", std::string(kAwsKey)}, {"MacValid", true}, {"MacAlgorithm", "HMAC_SHA_256"}};
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("A Google answer whose CRC-32C does not fit its bytes is unreadable") {
  const Workshop shop;
  const Bench bench =
      secret_bench(shop, {Provider::kGoogle, "hmac-sha256", {}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kGoogleKey));
  const Bytes mac = python_hmac(shop, "sha256", counting_key(32));
  const Json answer{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
                    {"mac", to_base64(mac)},
                    {"macCrc32c", std::to_string(google::crc32c(mac) + 1)}};
  CHECK(refusal(bench.expected, bytes_of(dump_json(answer))) == "evidence-unreadable");
}

TEST_CASE("CRC-32C of RFC 3720 appendix B.4") {
  CHECK(google::crc32c(Bytes(32, 0)) == 0x8a9136aaU);
  CHECK(google::crc32c(Bytes(32, 0xff)) == 0x62a8ab43U);
  CHECK(google::crc32c(as_bytes("123456789")) == 0xe3069283U);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
