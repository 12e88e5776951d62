// Public keys in every form in which the clouds give them, made by openssl.
#include <doctest/doctest.h>

#include "base/json.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

void new_pair(const Workshop& shop, const std::string& name, const std::string& algorithm) {
  shop.must("openssl genpkey " + algorithm + " -out " + name + ".key 2>/dev/null");
  shop.must("openssl pkey -in " + name + ".key -pubout -out " + name + ".pem");
  shop.must("openssl pkey -in " + name + ".key -pubout -outform DER -out " + name + ".der");
}

std::string ec(const std::string& curve) {
  return "-algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -pkeyopt ec_param_enc:named_curve";
}

std::string aws_answer(const Bytes& der, const std::string& key = std::string(kAwsKey)) {
  return dump_json({{"KeyId", key},
                    {"PublicKey", to_base64(der)},
                    {"CustomerMasterKeySpec", "ECC_NIST_P256"},
                    {"KeySpec", "ECC_NIST_P256"},
                    {"KeyUsage", "SIGN_VERIFY"},
                    {"SigningAlgorithms", {"ECDSA_SHA_256"}}});
}

std::string point_part(const Bytes& spki, std::size_t from_end, std::size_t size, bool url) {
  const ByteView part = ByteView(spki).subspan(spki.size() - from_end, size);
  return url ? to_base64url(part) : to_base64(part);
}

// As az prints it (padded base64, keyOps, all members), or as REST does (base64url, key_ops).
Json azure_key(const Bytes& spki, const std::string& curve, std::size_t field, bool rest) {
  Json key{{"kid", std::string(kAzureKey) + "/0123456789abcdef0123456789abcdef"},
           {"kty", "EC-HSM"},
           {"crv", curve},
           {"x", point_part(spki, 2 * field, field, rest)},
           {"y", point_part(spki, field, field, rest)}};
  key[rest ? "key_ops" : "keyOps"] = {"sign", "verify"};
  if (!rest) {
    for (const char* name : {"d", "dp", "dq", "e", "k", "n", "p", "q", "qi", "t"}) {
      key[name] = nullptr;
    }
  }
  return Json{{"attributes", {{"enabled", true}}}, {"key", key}};
}

Bench aws_p256(const Workshop& shop) {
  new_pair(shop, "own", ec("P-256"));
  return pair_bench(shop, {Provider::kAws, "ECC_NIST_P256", {"SIGN_VERIFY"}}, "own.der",
                    std::string(kAwsKey));
}

TEST_CASE("A public key is recognised as PEM, DER and AWS get-public-key, and never proves") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  const Bytes der = shop.get("own.der");
  for (const Bytes& evidence : {shop.get("own.pem"), der, bytes_of(aws_answer(der))}) {
    const auto judged = judge_bytes(bench.expected, evidence);
    CHECK(judged.verdict == Verdict::kConsistentNotProven);
    CHECK_FALSE(judged.basis.has_value());
    CHECK(judged.findings.front().result == Result::kConsistent);
    CHECK(judged.findings.front().reason.find("sign-ecdsa-sha256 decides") != std::string::npos);
  }
}

TEST_CASE("Another key's public key is different in every form") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  new_pair(shop, "other", ec("P-256"));
  const Bytes der = shop.get("other.der");
  for (const Bytes& evidence : {shop.get("other.pem"), der, bytes_of(aws_answer(der))}) {
    CHECK(judge_bytes(bench.expected, evidence).verdict == Verdict::kDifferent);
  }
}

TEST_CASE("A key on another curve of the same size is different, and the reason names both types") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  new_pair(shop, "koblitz", ec("secp256k1"));
  const auto judged = judge_bytes(bench.expected, shop.get("koblitz.der"));
  CHECK(judged.verdict == Verdict::kDifferent);
  CHECK(judged.findings.front().reason.find("ec-secp256k1") != std::string::npos);
  CHECK(judged.findings.front().reason.find("ec-p256") != std::string::npos);
}

TEST_CASE("An Azure JWK is recognised in both alphabets and both spellings, for every curve") {
  struct Row {
    std::string openssl{};
    std::string jwk{};
    std::size_t field{};
  };
  for (const Row& row :
       {Row{"P-256", "P-256", 32}, Row{"P-384", "P-384", 48}, Row{"P-521", "P-521", 66},
        Row{"secp256k1", "P-256K", 32}, Row{"secp256k1", "secp256k1", 32}}) {
    CAPTURE(row.jwk);
    const Workshop shop;
    new_pair(shop, "own", ec(row.openssl));
    const Bench bench =
        pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
    const Bytes der = shop.get("own.der");
    for (const bool rest : {false, true}) {
      const Json document = azure_key(der, row.jwk, row.field, rest);
      CHECK(judge_text(bench.expected, dump_json(document)).findings.front().result ==
            Result::kConsistent);
      CHECK(judge_text(bench.expected, dump_json(document["key"])).findings.front().result ==
            Result::kConsistent);
    }
  }
}

TEST_CASE("An Azure RSA JWK is recognised by n and e") {
  const Workshop shop;
  new_pair(shop, "own", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  const Bench bench =
      pair_bench(shop, {Provider::kAzure, "RSA", {"sign"}}, "own.der", std::string(kAzureKey));
  const std::string hex = as_text(shop.must(
      "openssl rsa -pubin -in own.pem -noout -modulus | sed 's/Modulus=//' | tr -d '\\n'"));
  Json key{{"kid", std::string(kAzureKey) + "/0123"},
           {"kty", "RSA-HSM"},
           {"n", to_base64url(from_hex(hex))},
           {"e", "AQAB"}};
  CHECK(judge_text(bench.expected, dump_json({{"key", key}})).findings.front().result ==
        Result::kConsistent);
  key["e"] = "Aw";
  CHECK(judge_text(bench.expected, dump_json({{"key", key}})).verdict == Verdict::kDifferent);
}

TEST_CASE("An Azure JWK with x and y of another curve's name never proves") {
  const Workshop shop;
  new_pair(shop, "own", ec("P-256"));
  const Bench bench =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const Json document = azure_key(shop.get("own.der"), "P-256K", 32, true);
  CHECK(refusal(bench.expected, bytes_of(dump_json(document))) == "evidence-unreadable");
}

TEST_CASE(
    "A JWK of another kid, of a wrapping key, of a secret key and with a private part is no "
    "proof") {
  const Workshop shop;
  new_pair(shop, "own", ec("P-256"));
  const Bench bench =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const Json good = azure_key(shop.get("own.der"), "P-256", 32, true);
  Json other = good;
  other["key"]["kid"] =
      "https://evil.managedhsm.azure.net/keys/payments/0123456789abcdef0123456789abcdef";
  CHECK(judge_text(bench.expected, dump_json(other)).verdict == Verdict::kConsistentNotProven);
  Json wrapping = good;
  wrapping["key"]["key_ops"] = {"import"};
  CHECK(judge_text(bench.expected, dump_json(wrapping)).verdict == Verdict::kConsistentNotProven);
  Json secret{{"key", {{"kid", good["key"]["kid"]}, {"kty", "oct-HSM"}, {"key_ops", {"encrypt"}}}}};
  const Bench oct =
      secret_bench(shop, {Provider::kAzure, "oct", {"sign"}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kAzureKey));
  CHECK(judge_text(oct.expected, dump_json(secret)).verdict == Verdict::kConsistentNotProven);
  Json leaked = good;
  leaked["key"]["d"] = to_base64url(Bytes(32, 1));
  CHECK(refusal(bench.expected, bytes_of(dump_json(leaked))) == "evidence-unreadable");
}

TEST_CASE("A JWK of another type than the bundle's key is different, whatever stands beside it") {
  const Workshop shop;
  new_pair(shop, "own", ec("P-256"));
  const Bench pair =
      pair_bench(shop, {Provider::kAzure, "EC", {"sign"}}, "own.der", std::string(kAzureKey));
  const Json good = azure_key(shop.get("own.der"), "P-256", 32, true);
  const Json secret{
      {"key", {{"kid", good["key"]["kid"]}, {"kty", "oct-HSM"}, {"key_ops", {"encrypt"}}}}};
  const auto mixed = judge(
      pair.expected, {{"own.pem", shop.get("own.pem")}, {"key.json", bytes_of(dump_json(secret))}});
  CHECK(mixed.verdict == Verdict::kDifferent);
  CHECK(mixed.findings.at(0).result == Result::kConsistent);
  const Bench oct =
      secret_bench(shop, {Provider::kAzure, "oct", {"sign"}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kAzureKey));
  CHECK(judge_text(oct.expected, dump_json(good)).verdict == Verdict::kDifferent);
}

TEST_CASE("Another key's public key is different, though its KeySpec or algorithm is another too") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  new_pair(shop, "other", ec("secp256k1"));
  Json answer = parse_json(as_bytes(aws_answer(shop.get("other.der"))), "answer");
  answer["KeySpec"] = "ECC_SECG_P256K1";
  CHECK(judge(bench.expected,
              {{"own.pem", shop.get("own.pem")}, {"answer.json", bytes_of(dump_json(answer))}})
            .verdict == Verdict::kDifferent);
  const Bench google = pair_bench(shop, {Provider::kGoogle, "ec-sign-p256-sha256", {}}, "own.der",
                                  std::string(kGoogleKey));
  Json version{{"pem", as_text(shop.get("own.pem"))},
               {"algorithm", "EC_SIGN_SECP256K1_SHA256"},
               {"name", std::string(kGoogleKey) + "/cryptoKeyVersions/3"}};
  const auto own = judge_text(google.expected, dump_json(version));
  CHECK(own.findings.front().result == Result::kContradicts);
  version["pem"] = as_text(shop.get("other.pem"));
  CHECK(judge_text(google.expected, dump_json(version)).verdict == Verdict::kDifferent);
}

TEST_CASE(
    "Google's PEM and its JSON form are recognised, a JSON of another key's name is no evidence") {
  const Workshop shop;
  new_pair(shop, "own", ec("P-384"));
  const Bench bench = pair_bench(shop, {Provider::kGoogle, "ec-sign-p384-sha384", {}}, "own.der",
                                 std::string(kGoogleKey));
  CHECK(judge_bytes(bench.expected, shop.get("own.pem")).findings.front().result ==
        Result::kConsistent);
  Json answer{{"pem", as_text(shop.get("own.pem"))},
              {"algorithm", "EC_SIGN_P384_SHA384"},
              {"name", std::string(kGoogleKey) + "/cryptoKeyVersions/3"}};
  CHECK(judge_text(bench.expected, dump_json(answer)).findings.front().result ==
        Result::kConsistent);
  answer["name"] =
      "projects/acme/locations/europe-west3/keyRings/prod/cryptoKeys/other/cryptoKeyVersions/3";
  CHECK(judge_text(bench.expected, dump_json(answer)).verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("An AWS public key that names another key, or comes with another KeySpec, is no proof") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  const Bytes der = shop.get("own.der");
  CHECK(
      judge_text(bench.expected, aws_answer(der, "arn:aws:kms:eu-central-1:111122223333:key/other"))
          .verdict == Verdict::kConsistentNotProven);
  Json answer = parse_json(as_bytes(aws_answer(der)), "answer");
  answer["KeySpec"] = "ECC_SECG_P256K1";
  const auto judged = judge(bench.expected, {{"own.pem", shop.get("own.pem")},
                                             {"answer.json", bytes_of(dump_json(answer))}});
  CHECK(judged.verdict == Verdict::kConsistentNotProven);
  CHECK(judged.findings.at(1).result == Result::kContradicts);
}

TEST_CASE("The import parameters given as evidence are no proof, though they hold a public key") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  const Json parameters{{"KeyId", std::string(kAwsKey)},
                        {"ImportToken", "AAAA"},
                        {"PublicKey", to_base64(shop.get("own.der"))},
                        {"ParametersValidTo", "2026-02-13T18:39:25.085000+01:00"}};
  CHECK(judge_text(bench.expected, dump_json(parameters)).verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("Without a cloud key's name in the bundle the reason says that it was not compared") {
  const Workshop shop;
  Bench bench = aws_p256(shop);
  bench.expected.cloud_key.clear();
  const Bytes signature = shop.must("openssl dgst -sha256 -sign own.key challenge.bin");
  const auto judged =
      judge_text(bench.expected, dump_json({{"KeyId", std::string(kAwsKey)},
                                            {"Signature", to_base64(signature)},
                                            {"SigningAlgorithm", "ECDSA_SHA_256"}}));
  CHECK(judged.verdict == Verdict::kProven);
  CHECK(judged.named.empty());
  CHECK(judged.findings.front().reason.find("does not name the cloud key") != std::string::npos);
}

TEST_CASE("A public key for a secret key's bundle is no proof") {
  const Workshop shop;
  new_pair(shop, "own", ec("P-256"));
  const Bench bench =
      secret_bench(shop, {Provider::kGoogle, "hmac-sha256", {}}, {KeyFamily::kGenericSecret, 32},
                   counting_key(32), std::string(kGoogleKey));
  CHECK(judge_bytes(bench.expected, shop.get("own.pem")).verdict == Verdict::kConsistentNotProven);
}

TEST_CASE("A private key, a truncated PEM and a DER with trailing bytes are unreadable") {
  const Workshop shop;
  const Bench bench = aws_p256(shop);
  CHECK(refusal(bench.expected, shop.get("own.key")) == "evidence-unreadable");
  Bytes pem = shop.get("own.pem");
  pem.resize(pem.size() / 2);
  CHECK(refusal(bench.expected, pem) == "evidence-unreadable");
  Bytes der = shop.get("own.der");
  der.push_back(0);
  CHECK(refusal(bench.expected, der) == "evidence-unreadable");
  der.resize(40);
  CHECK(refusal(bench.expected, der) == "evidence-unreadable");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
