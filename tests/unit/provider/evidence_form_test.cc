// What the judge does with files that are no answer, and how the verdict follows from the findings.
#include <doctest/doctest.h>

#include "base/error.h"
#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Bench google_hmac(const Workshop& shop) {
  return secret_bench(shop, {Provider::kGoogle, "hmac-sha256", {}}, {KeyFamily::kGenericSecret, 32},
                      counting_key(32), std::string(kGoogleKey));
}

Bytes right_mac(const Workshop& shop) {
  return shop.must("openssl dgst -sha256 -mac HMAC -macopt hexkey:" + counting_key(32) +
                   " -binary challenge.bin");
}

Json version_answer(const std::string& state) {
  return Json{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
              {"state", state},
              {"algorithm", "HMAC_SHA256"},
              {"importJob", "projects/acme/locations/europe-west3/keyRings/prod/importJobs/j"}};
}

TEST_CASE("No evidence at all is a usage error") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  try {
    static_cast<void>(judge(bench.expected, {}));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "evidence-missing");
    CHECK(error.kind() == Kind::kUsage);
  }
}

TEST_CASE("Empty, truncated, foreign and broken files are unreadable") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  Bytes shorter = right_mac(shop);
  shorter.pop_back();
  const std::string deep(5000, '[');
  for (const Bytes& evidence :
       {Bytes{}, shorter, bytes_of("hello"), bytes_of("{"), bytes_of("[]"), bytes_of("{}"),
        bytes_of("{\"mac\": 7}"), bytes_of("{\"mac\": \"!!\"}"),
        bytes_of("{\"mac\":\"AA==\",\"mac\":\"AA==\"}"), bytes_of(deep),
        bytes_of("{\"error\": {\"code\": 403}}"), bytes_of("true"),
        Bytes(kMaxInputFile + 1, '{')}) {
    CHECK(refusal(bench.expected, evidence) == "evidence-unreadable");
  }
}

TEST_CASE("Another cloud's answer is unreadable for this bundle") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const Json aws{{"KeyId", std::string(kAwsKey)},
                 {"Mac", to_base64(right_mac(shop))},
                 {"MacAlgorithm", "HMAC_SHA_256"}};
  CHECK(refusal(bench.expected, bytes_of(dump_json(aws))) == "evidence-unreadable");
}

TEST_CASE("The refusal of unreadable evidence names every file with its reason") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  try {
    static_cast<void>(judge(bench.expected, {{"one.bin", {}}, {"two.json", bytes_of("{}")}}));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.message().find("one.bin: it is empty") != std::string::npos);
    CHECK(error.message().find("two.json: ") != std::string::npos);
  }
}

TEST_CASE("One difference outweighs any number of equal answers") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const Bytes mac = right_mac(shop);
  const auto judged =
      judge(bench.expected, {{"a", mac}, {"b", with_flipped_bit(mac, 5)}, {"c", mac}});
  CHECK(judged.verdict == Verdict::kDifferent);
  CHECK(judged.basis == Basis::kCryptographic);
  CHECK(judged.findings.size() == 3);
}

TEST_CASE("An unreadable file beside an equal answer is listed and does not unmake the proof") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const auto judged = judge(bench.expected, {{"empty", {}}, {"mac.bin", right_mac(shop)}});
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.findings.at(0).result == Result::kUnreadable);
  CHECK(judged.findings.at(0).evidence_file == "empty");
  CHECK(judged.findings.at(1).result == Result::kEqual);
}

TEST_CASE(
    "An unreadable file beside a consistent answer leaves the verdict unproven, without a basis") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const auto judged =
      judge(bench.expected,
            {{"empty", {}}, {"version.json", bytes_of(dump_json(version_answer("ENABLED")))}});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK_FALSE(judged.basis.has_value());
}

TEST_CASE("Google key versions are no proof in any state") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  for (const std::string state : {"ENABLED", "PENDING_IMPORT", "IMPORT_FAILED", "DESTROYED"}) {
    CHECK(judge_text(bench.expected, dump_json(version_answer(state))).verdict ==
          Verdict::kConsistentNotProven);
  }
  Json other = version_answer("ENABLED");
  other["algorithm"] = "HMAC_SHA512";
  const auto judged = judge_text(bench.expected, dump_json(other));
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.front().reason.find("hmac-sha512") != std::string::npos);
}

TEST_CASE("Attestations are not proven, with the reason") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  shop.put("statement", Bytes(2112, 9));
  shop.must("head -c 2000 /dev/urandom > noise; gzip -kn noise");
  Json version = version_answer("ENABLED");
  version["attestation"] = {{"format", "CAVIUM_V2_COMPRESSED"}, {"content", "AAAA"}};
  for (const Bytes& evidence : {shop.get("noise.gz"), bytes_of(dump_json(version))}) {
    const auto judged = judge_bytes(bench.expected, evidence);
    CHECK(judged.verdict == Verdict::kConsistentNotProven);
    CHECK(judged.findings.front().reason.find("attestation") != std::string::npos);
  }
  const Bench azure =
      secret_bench(shop, {Provider::kAzure, "oct", {"encrypt"}}, {KeyFamily::kAes, 256},
                   counting_key(32), std::string(kAzureKey));
  const Json attestation{{"attributes", {{"attestation", {{"version", "MRVL-1"}}}}}};
  CHECK(judge_text(azure.expected, dump_json(attestation)).verdict ==
        Verdict::kConsistentNotProven);
}

TEST_CASE("A key that Google alone can use is not proven by any answer") {
  const Workshop shop;
  const Bench bench =
      secret_bench(shop, {Provider::kGoogle, "google-symmetric-encryption", {}},
                   {KeyFamily::kAes, 256}, counting_key(32), std::string(kGoogleKey));
  CHECK(bench.expected.answers.empty());
  const Json encrypted{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
                       {"ciphertext", "AAAA"}};
  CHECK(judge_text(bench.expected, dump_json(encrypted)).verdict == Verdict::kConsistentNotProven);
  CHECK(refusal(bench.expected, Bytes(60, 0x80)) == "evidence-unreadable");
}

TEST_CASE("Every raw answer is judged, whatever byte it begins with") {
  const Workshop shop;
  Bench bench = google_hmac(shop);
  for (const std::uint8_t first : Bytes{0x7b, 0x5b, 0x20, 0x2d, 0x30, 0x1f}) {
    Bytes answer = right_mac(shop);
    answer[0] = first;
    answer[1] = 0x8b;
    answer[2] = 8;
    shop.put("answer", answer);
    const std::string digest = as_text(shop.must("sha256sum answer")).substr(0, 64);
    bench.expected.answers.front().answer_sha256 = digest;
    CHECK(judge_bytes(bench.expected, answer).verdict == Verdict::kProven);
    CHECK(judge_bytes(bench.expected, with_flipped_bit(answer, 31)).verdict == Verdict::kDifferent);
  }
}

TEST_CASE("Words from an evidence file are shown escaped") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  Json answer = version_answer("ENABLED");
  answer["state"] = "\x1b[2J";
  const auto judged = judge_text(bench.expected, dump_json(answer));
  CHECK(judged.findings.front().reason.find('\x1b') == std::string::npos);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
