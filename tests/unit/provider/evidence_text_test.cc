// Files that are text where an answer is due, and public keys and other things that stand in the
// bundle: named for what they are, never different, never a proof.
#include <doctest/doctest.h>

#include "base/error.h"
#include "base/json.h"
#include "provider/file_form.h"
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

// The finding for a file beside the state of the version, so that there is a verdict.
Finding finding_of(const Expected& expected, const Bytes& content) {
  const Json state{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
                   {"state", "ENABLED"}};
  const auto judged =
      judge(expected, {{"file", content}, {"state.json", bytes_of(dump_json(state))}});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  return judged.findings.front();
}

TEST_CASE("Words of the length of an answer are unreadable, never another key") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const auto words = finding_of(bench.expected, bytes_of("thirty-two bytes of plain words!"));
  CHECK(words.result == Result::kUnreadable);
  CHECK(words.code == "file-text");
  const Bench aws =
      secret_bench(shop, {Provider::kAws, "HMAC_256", {"GENERATE_VERIFY_MAC"}},
                   {KeyFamily::kGenericSecret, 32}, counting_key(32), std::string(kAwsKey));
  const Json json{{"KeyId", std::string(kAwsKey)},
                  {"Mac", to_base64(as_bytes("thirty-two bytes of plain words!"))},
                  {"MacAlgorithm", "HMAC_SHA_256"}};
  CHECK(refusal(aws.expected, bytes_of(dump_json(json))) == "evidence-unreadable");
}

TEST_CASE("A right answer that came as hex or base64 is read, a wrong one is unreadable") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  const Bytes mac = right_mac(shop);
  for (const std::string& text : {to_hex(mac) + "\n", to_base64(mac) + "\r\n"}) {
    CHECK(judge_text(bench.expected, text).verdict == Verdict::kProven);
  }
  CHECK(finding_of(bench.expected, bytes_of(to_hex(with_flipped_bit(mac, 3)))).result ==
        Result::kUnreadable);
}

TEST_CASE("What clients and shells write by default is named with what writes the right one") {
  const Workshop shop;
  const Bench bench = google_hmac(shop);
  shop.put("answer.json", as_bytes("{\"name\": \"x\", \"mac\": \"AAAA\"}\n"));
  struct Row {
    Bytes content{};
    std::string code{};
    std::string remedy{};
  };
  const std::vector<Row> rows{
      {{}, "file-empty", "run it again"},
      {bytes_of(" \n\n"), "file-empty", "--format=json"},
      {shop.must("printf '\\377\\376'; iconv -f utf-8 -t utf-16le answer.json"), "file-utf16",
       "-Encoding ascii"},
      {shop.must("printf '\\376\\377'; iconv -f utf-8 -t utf-16be answer.json"), "file-utf16",
       "-Encoding ascii"},
      {shop.must("iconv -f utf-8 -t utf-16le answer.json"), "file-utf16", "-Encoding ascii"},
      {shop.must("printf '\\357\\273\\277'; cat answer.json"), "file-byte-order-mark",
       "-Encoding ascii"},
      {bytes_of("{\n  \x1b[94m\"kid\"\x1b[39;49;00m: 1}\n"), "file-coloured", "--format=json"},
      {bytes_of("<!DOCTYPE html><html>Bad gateway</html>"), "file-error-page", "proxy"},
      {bytes_of("ERROR: (gcloud.kms.mac-sign) PERMISSION_DENIED: no"), "file-error-message",
       "ask again"},
      {bytes_of("name: projects/p\nstate: ENABLED\n"), "file-yaml", "--format=json"},
      {bytes_of("---\nname: x\n"), "file-yaml", "--format=json"},
      {bytes_of("algorithm: X\npem: |\n  -----BEGIN PUBLIC KEY-----\n  MII\n"), "file-yaml",
       "--format=json"},
      {bytes_of("-------\n| A | B |\n-------\n"), "file-table", "--format=json"},
      {bytes_of("NAME  STATE\n----  -----\nx     y\n"), "file-table", "--format=json"},
      {bytes_of("projects/p\tENABLED\n"), "file-tab-separated", "--format=json"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const Finding finding = finding_of(bench.expected, row.content);
    CHECK(finding.result == Result::kUnreadable);
    CHECK(finding.code == row.code);
    CHECK(finding.reason.find(row.remedy) != std::string::npos);
  }
}

TEST_CASE("Random bytes are taken for no text, whatever they begin with") {
  const Workshop shop;
  for (const char* start :
       {"\\377\\376", "\\376\\377", "\\357\\273\\277", "\\033[", "<", "---\\n"}) {
    const Bytes bytes = shop.must("printf -- '" + std::string(start) +
                                  "'; printf '\\000\\201\\377\\202\\012\\203\\177\\204'; "
                                  "openssl dgst -sha256 -binary /dev/null | head -c 20");
    CHECK_FALSE(foreign_form(bytes, Provider::kGoogle).has_value());
    CHECK_FALSE(is_text_throughout(bytes));
  }
}

TEST_CASE("JSON of other clients is named, and what is safe is read") {
  const Workshop shop;
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key 2>/dev/null && "
      "openssl pkey -in own.key -pubout -outform DER -out own.der");
  const Bench azure =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const InputFile readable{"own.der", shop.get("own.der")};
  const std::vector<std::pair<Json, std::string>> rows{
      {{{"Key", {{"kty", "EC"}}}, {"Attributes", {{"Enabled", true}}}}, "PowerShell"},
      {{{"properties", {{"keyUri", "x"}}}, {"type", "Microsoft.KeyVault/vaults/keys"}},
       "Resource Manager"},
      {{{"public_key_pem", "x"}, {"key_type", "EC"}}, "Terraform"},
      {{{"format_version", "1.0"}, {"values", {{"root_module", 1}}}}, "Terraform"}};
  for (const auto& [document, client] : rows) {
    const auto judged =
        judge(azure.expected, {{"other.json", bytes_of(dump_json(document))}, readable});
    CHECK(judged.findings[0].result == Result::kUnreadable);
    CHECK(judged.findings[0].code == "file-other-client");
    CHECK(judged.findings[0].reason.find(client) != std::string::npos);
    CHECK(judged.findings[0].reason.find("az keyvault key show") != std::string::npos);
  }
  // protobuf libraries that keep the names of the .proto file.
  const Bench google = google_hmac(shop);
  const Bytes mac = right_mac(shop);
  Json answer{{"name", std::string(kGoogleKey) + "/cryptoKeyVersions/1"},
              {"mac", to_base64(mac)},
              {"mac_crc32c", "1"}};
  CHECK(refusal(google.expected, bytes_of(dump_json(answer))) == "evidence-unreadable");
  answer.erase("mac_crc32c");
  CHECK(judge_text(google.expected, dump_json(answer)).verdict == Verdict::kProven);
}

TEST_CASE("Nothing that is written from the bundle alone proves, alone or all together") {
  const Workshop shop;
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key 2>/dev/null && "
      "openssl pkey -in own.key -pubout -out own.pem && "
      "openssl pkey -in own.key -pubout -outform DER -out own.der");
  const Bench bench = pair_bench(shop, {Provider::kAws, "ECC_NIST_P256", {"SIGN_VERIFY"}},
                                 "own.der", std::string(kAwsKey));
  const Json expected = to_json(bench.expected);
  const Json public_key{{"KeyId", expected["cloud"]["key"]},
                        {"KeySpec", expected["cloud"]["algorithm"]},
                        {"PublicKey", expected["public_key"]}};
  const Json state{{"KeyMetadata",
                    {{"KeyId", expected["cloud"]["key"]},
                     {"Origin", "EXTERNAL"},
                     {"KeySpec", expected["cloud"]["algorithm"]},
                     {"KeyState", "Enabled"}}}};
  const std::vector<InputFile> all{{"own.pem", shop.get("own.pem")},
                                   {"own.der", shop.get("own.der")},
                                   {"key.json", bytes_of(dump_json(public_key))},
                                   {"state.json", bytes_of(dump_json(state))},
                                   {"expected.json", bytes_of(dump_json(expected))},
                                   {"challenge.bin", bench.expected.challenge}};
  const auto judged = judge(bench.expected, all);
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  for (const Finding& finding : judged.findings) CHECK(finding.result != Result::kEqual);
  // It speaks against another key, and outvotes nothing.
  shop.must("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key 2>&1");
  std::vector<InputFile> with_real = all;
  with_real.push_back(
      {"signature", shop.must("openssl dgst -sha256 -sign other.key challenge.bin")});
  CHECK(judge(bench.expected, with_real).verdict == Verdict::kDifferent);
  with_real.back().content = shop.must("openssl dgst -sha256 -sign own.key challenge.bin");
  const auto proven = judge(bench.expected, with_real);
  CHECK(proven.verdict == Verdict::kProven);
  CHECK(satisfies(proven, Basis::kCryptographic));
}

TEST_CASE("A key of which no use can be asked is never proven by its public key") {
  const Workshop shop;
  shop.must(
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key 2>/dev/null && "
      "openssl pkey -in own.key -pubout -outform DER -out own.der");
  const CloudUse verifying{Provider::kAzure, "EC", {"verify"}};
  const Bench bench = pair_bench(shop, verifying, "own.der", std::string(kAzureKey));
  CHECK(bench.expected.signatures.empty());
  const auto judged = judge_bytes(bench.expected, shop.get("own.der"));
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings[0].reason.find("no better answer") != std::string::npos);
  CHECK_FALSE(why_no_challenge(verifying, {KeyFamily::kEc, 256, Curve::kP256}).empty());
}

TEST_CASE("The basis that is required has two names") {
  CHECK(parse_basis("cryptographic") == Basis::kCryptographic);
  CHECK(parse_basis("statement") == Basis::kProviderStatement);
  try {
    static_cast<void>(parse_basis("faith"));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "basis-unknown");
    CHECK(error.kind() == Kind::kUsage);
  }
  Judgement judgement{.verdict = Verdict::kProven, .basis = Basis::kProviderStatement};
  CHECK(satisfies(judgement, Basis::kProviderStatement));
  CHECK_FALSE(satisfies(judgement, Basis::kCryptographic));
  judgement.verdict = Verdict::kConsistentNotProven;
  CHECK_FALSE(satisfies(judgement, Basis::kProviderStatement));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
