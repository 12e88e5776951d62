// Answers that cannot be true together: a proof beside a state, a spec or a version that it does
// not fit is no proof, in any order of the files.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "provider/google/crc32c.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

InputFile json_file(const std::string& name, const Json& document) {
  return {name, bytes_of(dump_json(document))};
}

Bytes mac_by_openssl(const Workshop& shop) {
  return shop.must("openssl dgst -sha256 -mac HMAC -macopt hexkey:" + counting_key(32) +
                   " -binary challenge.bin");
}

Bench hmac_bench(const Workshop& shop, Provider cloud) {
  const bool aws = cloud == Provider::kAws;
  const CloudUse use = aws ? CloudUse{cloud, "HMAC_256", {"GENERATE_VERIFY_MAC"}}
                           : CloudUse{cloud, "hmac-sha256", {}};
  return secret_bench(shop, use, {KeyFamily::kGenericSecret, 32}, counting_key(32),
                      std::string(aws ? kAwsKey : kGoogleKey));
}

InputFile aws_mac(const Workshop& shop) {
  return json_file("mac.json", {{"Mac", to_base64(mac_by_openssl(shop))},
                                {"MacAlgorithm", "HMAC_SHA_256"},
                                {"KeyId", std::string(kAwsKey)}});
}

InputFile aws_state(const std::string& state, const std::string& spec) {
  return json_file("describe.json", {{"KeyMetadata",
                                      {{"KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"},
                                       {"Arn", std::string(kAwsKey)},
                                       {"Origin", "EXTERNAL"},
                                       {"KeyState", state},
                                       {"KeySpec", spec}}}});
}

std::string google_version(const std::string& number) {
  return std::string(kGoogleKey) + "/cryptoKeyVersions/" + number;
}

InputFile google_mac(const Workshop& shop, const std::string& version) {
  return json_file("mac" + version + ".json",
                   {{"name", google_version(version)}, {"mac", to_base64(mac_by_openssl(shop))}});
}

InputFile google_state(const std::string& state, const std::string& version,
                       const std::string& algorithm = "HMAC_SHA256") {
  return json_file("version" + version + ".json",
                   {{"name", google_version(version)}, {"state", state}, {"algorithm", algorithm}});
}

// In both orders.
Verdict verdict_of(const Expected& expected, const InputFile& one, const InputFile& other) {
  const Verdict first = judge(expected, {one, other}).verdict;
  CHECK(first == judge(expected, {other, one}).verdict);
  return first;
}

TEST_CASE("An AWS MAC beside a state or spec that it does not fit is no proof") {
  const Workshop shop;
  const Bench bench = hmac_bench(shop, Provider::kAws);
  const InputFile mac = aws_mac(shop);
  for (const char* state : {"Enabled", "Disabled"}) {
    CHECK(verdict_of(bench.expected, mac, aws_state(state, "HMAC_256")) == Verdict::kProven);
  }
  for (const char* state : {"PendingImport", "PendingDeletion", "Unavailable", ""}) {
    CHECK(verdict_of(bench.expected, mac, aws_state(state, "HMAC_256")) ==
          Verdict::kConsistentNotProven);
  }
  CHECK(verdict_of(bench.expected, mac, aws_state("Enabled", "HMAC_512")) ==
        Verdict::kConsistentNotProven);
  const auto judged = judge(bench.expected, {mac, aws_state("PendingImport", "HMAC_256")});
  CHECK(judged.findings.at(0).result == Result::kEqual);
  CHECK(judged.findings.at(1).result == Result::kContradicts);
  CHECK(result_name(judged.findings.at(1).result) == "contradicts");
  CHECK_FALSE(judged.basis.has_value());
}

TEST_CASE("A signature beside a key that waits for its material is no proof") {
  const Workshop shop;
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key 2>/dev/null && "
      "openssl pkey -in own.key -pubout -outform DER -out own.der");
  const Bench bench = pair_bench(shop, {Provider::kAws, "ECC_NIST_P256", {"SIGN_VERIFY"}},
                                 "own.der", std::string(kAwsKey));
  const InputFile own{"signature", shop.must("openssl dgst -sha256 -sign own.key challenge.bin")};
  CHECK(verdict_of(bench.expected, own, aws_state("PendingImport", "ECC_NIST_P256")) ==
        Verdict::kConsistentNotProven);
  CHECK(verdict_of(bench.expected, own, aws_state("Enabled", "ECC_NIST_P256")) == Verdict::kProven);
}

TEST_CASE("A Google MAC beside a version that it does not fit is no proof") {
  const Workshop shop;
  const Bench bench = hmac_bench(shop, Provider::kGoogle);
  const InputFile mac = google_mac(shop, "1");
  // PENDING_IMPORT is what the import command answered before the version was enabled.
  for (const char* state : {"ENABLED", "DISABLED", "PENDING_IMPORT"}) {
    CHECK(verdict_of(bench.expected, mac, google_state(state, "1")) == Verdict::kProven);
  }
  for (const char* state : {"IMPORT_FAILED", "DESTROYED", "DESTROY_SCHEDULED", ""}) {
    CHECK(verdict_of(bench.expected, mac, google_state(state, "1")) ==
          Verdict::kConsistentNotProven);
  }
  CHECK(verdict_of(bench.expected, mac, google_state("ENABLED", "1", "HMAC_SHA512")) ==
        Verdict::kConsistentNotProven);
  // Raw, as gcloud writes it: the state speaks of the bundle's key all the same.
  CHECK(verdict_of(bench.expected, {"mac.bin", mac_by_openssl(shop)},
                   google_state("DESTROYED", "1")) == Verdict::kConsistentNotProven);
}

TEST_CASE("Google answers that name two versions prove nothing for either") {
  const Workshop shop;
  const Bench bench = hmac_bench(shop, Provider::kGoogle);
  CHECK(verdict_of(bench.expected, google_mac(shop, "1"), google_state("ENABLED", "2")) ==
        Verdict::kConsistentNotProven);
  CHECK(verdict_of(bench.expected, google_mac(shop, "1"), google_mac(shop, "2")) ==
        Verdict::kConsistentNotProven);
  CHECK(verdict_of(bench.expected, google_mac(shop, "1"), google_mac(shop, "1")) ==
        Verdict::kProven);
  const auto judged = judge(bench.expected, {google_mac(shop, "1"), google_state("ENABLED", "2")});
  CHECK(judged.findings.at(0).reason.find("cryptoKeyVersions/1") != std::string::npos);
}

TEST_CASE("Azure answers whose kids are of two versions prove nothing, a kid without one may be") {
  const Workshop shop;
  const Bench bench =
      secret_bench(shop, {Provider::kAzure, "oct", {"sign"}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kAzureKey));
  const std::string value = to_base64url(mac_by_openssl(shop));
  const auto answer = [&](const std::string& version) {
    return json_file("sign" + version,
                     {{"kid", std::string(kAzureKey) + version}, {"value", value}});
  };
  CHECK(verdict_of(bench.expected, answer("/0a"), answer("/0b")) == Verdict::kConsistentNotProven);
  CHECK(verdict_of(bench.expected, answer("/0a"), answer("/0A")) == Verdict::kProven);
  CHECK(verdict_of(bench.expected, answer("/0a"), answer("")) == Verdict::kProven);
}

TEST_CASE("A difference outweighs a contradiction") {
  const Workshop shop;
  const Bench bench = hmac_bench(shop, Provider::kGoogle);
  const InputFile wrong{"wrong.bin", with_flipped_bit(mac_by_openssl(shop), 3)};
  const auto judged =
      judge(bench.expected, {google_mac(shop, "1"), google_state("DESTROYED", "2"), wrong});
  CHECK(judged.verdict == Verdict::kDifferent);
  CHECK(judged.basis == Basis::kCryptographic);
}

TEST_CASE("A file that names no cloud key proves the key, and says that it does not say where") {
  const Workshop shop;
  const Bench bench = hmac_bench(shop, Provider::kGoogle);
  const auto raw = judge_bytes(bench.expected, mac_by_openssl(shop));
  CHECK(raw.verdict == Verdict::kProven);
  CHECK(raw.named.empty());
  CHECK(raw.findings.front().reason.find("the file does not name a cloud key") !=
        std::string::npos);
  const auto named = judge(bench.expected, {google_mac(shop, "1")});
  CHECK(named.verdict == Verdict::kProven);
  CHECK(named.named == google_version("1"));
  CHECK(named.findings.front().reason.find("does not name") == std::string::npos);
}

TEST_CASE("An unreadable file carries the code of what was wrong with it") {
  const Workshop shop;
  const Bench google = hmac_bench(shop, Provider::kGoogle);
  const Bytes mac = mac_by_openssl(shop);
  const InputFile good{"mac.bin", mac};
  const auto crc = judge(
      google.expected,
      {good, json_file("crc.json", {{"name", google_version("1")},
                                    {"mac", to_base64(mac)},
                                    {"macCrc32c", std::to_string(google::crc32c(mac) ^ 1U)}})});
  CHECK(crc.findings.at(1).result == Result::kUnreadable);
  CHECK(crc.findings.at(1).code == "crc32c-mismatch");
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key 2>/dev/null && "
      "openssl pkey -in own.key -pubout -outform DER -out own.der");
  const Bench azure =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const auto curve =
      judge(azure.expected, {{"own.der", shop.get("own.der")},
                             json_file("jwk.json", {{"kid", std::string(kAzureKey) + "/0a"},
                                                    {"kty", "EC"},
                                                    {"crv", "P-257"},
                                                    {"x", "AAAA"},
                                                    {"y", "AAAA"}})});
  CHECK(curve.findings.at(1).result == Result::kUnreadable);
  CHECK(curve.findings.at(1).code == "curve-unknown");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
