// The tables of key types, row by row against the providers' documents as written down here again.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "provider/rules.h"
#include "support/command.h"
#include "unit/provider/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Refusal check(Provider provider, const std::string& type, Force force = Force::kNo,
              std::optional<WrappingAlgorithm> algorithm = std::nullopt) {
  return refusal_of([&] { check_key_type(provider, parse_key_type(type), force, algorithm); });
}
Refusal transport(Provider provider, const std::string& type, const std::string& algorithm,
                  unsigned bits, Force force = Force::kNo) {
  return refusal_of([&] {
    check_transport(provider, parse_key_type(type), parse_wrapping_algorithm(algorithm), bits,
                    force);
  });
}
std::set<std::string> algorithms_of(Provider provider, const std::string& type, Standing standing) {
  std::set<std::string> names;
  for (const Row& row : all_rows()) {
    if (row.provider == provider && row.key_type.name() == type && row.standing == standing) {
      names.insert(row.algorithm.name());
    }
  }
  return names;
}
std::vector<std::string> cloud_names(Provider provider, const std::string& type) {
  std::vector<std::string> names;
  for (const CloudType& one : key_rule(provider, parse_key_type(type)).cloud_types) {
    names.emplace_back(one.algorithm);
  }
  return names;
}

using Names = std::vector<std::string>;
const std::set<std::string> kOaepBoth{"rsa-oaep-sha1", "rsa-oaep-sha256"};
const std::set<std::string> kAesBoth{"rsa-aes-key-wrap-sha1", "rsa-aes-key-wrap-sha256"};
const std::set<std::string> kAllFour{"rsa-oaep-sha1", "rsa-oaep-sha256", "rsa-aes-key-wrap-sha1",
                                     "rsa-aes-key-wrap-sha256"};

TEST_CASE("Every key type has exactly one answer from every provider") {
  for (const Provider provider : all_providers()) {
    for (const KeyType& type : all_key_types()) {
      CAPTURE(type.name());
      const KeyRule& rule = key_rule(provider, type);
      CHECK((rule.standing == Standing::kRefused) == rule.cloud_types.empty());
      CHECK((rule.standing == Standing::kRefused) == rule.transports.empty());
      CHECK((rule.standing == Standing::kTaken) == rule.reason.empty());
      CHECK((rule.standing == Standing::kUnverified) == !rule.point.empty());
      if (!rule.cloud_types.empty()) {
        CHECK((rule.plaintext == Plaintext::kRawBytes) == type.is_secret());
      }
      for (const CloudType& cloud : rule.cloud_types) CHECK_FALSE(cloud.uses.empty());
    }
  }
}

TEST_CASE("AWS takes 256-bit symmetric keys only") {
  CHECK(check(Provider::kAws, "aes-256").code.empty());
  CHECK(check(Provider::kAws, "aes-128") == usage("key-type-refused"));
  CHECK(check(Provider::kAws, "aes-192") == usage("key-type-refused"));
  CHECK(check(Provider::kAws, "aes-128", Force::kYes) == usage("key-type-refused"));
  CHECK(cloud_names(Provider::kAws, "aes-256") == Names{"SYMMETRIC_DEFAULT"});
}

TEST_CASE("AWS takes HMAC keys by the ranges of their specs") {
  const std::map<unsigned, Names> wanted{{28, {"HMAC_224"}},
                                         {31, {"HMAC_224"}},
                                         {32, {"HMAC_256", "HMAC_224"}},
                                         {47, {"HMAC_256", "HMAC_224"}},
                                         {48, {"HMAC_384", "HMAC_256", "HMAC_224"}},
                                         {63, {"HMAC_384", "HMAC_256", "HMAC_224"}},
                                         {64, {"HMAC_512", "HMAC_384", "HMAC_256", "HMAC_224"}},
                                         {128, {"HMAC_512", "HMAC_384", "HMAC_256", "HMAC_224"}}};
  for (const auto& [bytes, names] : wanted) {
    const std::string type = "generic-secret-" + std::to_string(bytes) + "-bytes";
    CHECK(check(Provider::kAws, type).code.empty());
    CHECK(cloud_names(Provider::kAws, type) == names);
  }
  CHECK(check(Provider::kAws, "generic-secret-20-bytes") == usage("key-type-refused"));
  CHECK(check(Provider::kAws, "generic-secret-27-bytes") == usage("key-type-refused"));
}

TEST_CASE(
    "AWS transports: OAEP for short keys, RSA-AES for private keys, RSA-AES of secrets by force") {
  CHECK(algorithms_of(Provider::kAws, "aes-256", Standing::kTaken) == kOaepBoth);
  CHECK(algorithms_of(Provider::kAws, "aes-256", Standing::kUnverified) == kAesBoth);
  CHECK(algorithms_of(Provider::kAws, "generic-secret-32-bytes", Standing::kTaken) == kOaepBoth);
  CHECK(algorithms_of(Provider::kAws, "rsa-2048", Standing::kTaken) == kAesBoth);
  CHECK(algorithms_of(Provider::kAws, "rsa-2048", Standing::kUnverified).empty());
  for (const char* type : {"ec-p256", "ec-p384", "ec-p521", "ec-secp256k1"}) {
    CHECK(algorithms_of(Provider::kAws, type, Standing::kTaken) == kAllFour);
  }
  CHECK(transport(Provider::kAws, "aes-256", "rsa-aes-key-wrap-sha256", 4096) ==
        usage("algorithm-unverified"));
  CHECK(transport(Provider::kAws, "aes-256", "rsa-aes-key-wrap-sha256", 4096, Force::kYes)
            .code.empty());
  CHECK(unverified_points(Provider::kAws, parse_key_type("aes-256"),
                          parse_wrapping_algorithm("rsa-aes-key-wrap-sha256")) ==
        Names{"aws-rsa-aes-of-secret-keys"});
  CHECK(transport(Provider::kAws, "rsa-2048", "rsa-oaep-sha256", 4096) ==
        usage("algorithm-not-for-key-type"));
  CHECK(transport(Provider::kAws, "rsa-2048", "rsa-oaep-sha256", 4096, Force::kYes) ==
        usage("algorithm-not-for-key-type"));
}

TEST_CASE("AWS and P-521: not under RSA-2048 directly, all else") {
  for (const char* algorithm : {"rsa-oaep-sha1", "rsa-oaep-sha256"}) {
    CHECK(transport(Provider::kAws, "ec-p521", algorithm, 2048) == usage("target-too-large"));
    CHECK(transport(Provider::kAws, "ec-p521", algorithm, 3072).code.empty());
    CHECK(transport(Provider::kAws, "ec-p521", algorithm, 4096).code.empty());
  }
  CHECK(transport(Provider::kAws, "ec-p521", "rsa-aes-key-wrap-sha1", 2048).code.empty());
  CHECK(transport(Provider::kAws, "ec-p384", "rsa-oaep-sha256", 2048).code.empty());
}

TEST_CASE("Ed25519: AWS only by force, Azure never, Google yes") {
  CHECK(check(Provider::kAws, "ed25519") == usage("key-type-unverified"));
  CHECK(check(Provider::kAws, "ed25519", Force::kYes).code.empty());
  CHECK(unverified_points(Provider::kAws, parse_key_type("ed25519"),
                          parse_wrapping_algorithm("rsa-oaep-sha256")) == Names{"aws-ed25519"});
  CHECK(check(Provider::kAzure, "ed25519") == usage("key-type-refused"));
  CHECK(check(Provider::kAzure, "ed25519", Force::kYes) == usage("key-type-refused"));
  CHECK(check(Provider::kGoogle, "ed25519").code.empty());
  CHECK(cloud_names(Provider::kGoogle, "ed25519") == Names{"ec-sign-ed25519"});
}

TEST_CASE("Azure has one transport, for all its types") {
  for (const char* type :
       {"aes-128", "aes-192", "aes-256", "generic-secret-32-bytes", "rsa-2048", "rsa-3072",
        "rsa-4096", "ec-p256", "ec-p384", "ec-p521", "ec-secp256k1"}) {
    CAPTURE(type);
    CHECK(algorithms_of(Provider::kAzure, type, Standing::kTaken) ==
          std::set<std::string>{"rsa-aes-key-wrap-sha1"});
    CHECK(transport(Provider::kAzure, type, "rsa-aes-key-wrap-sha256", 2048) ==
          usage("algorithm-not-for-key-type"));
    CHECK(transport(Provider::kAzure, type, "rsa-oaep-sha1", 2048) ==
          usage("algorithm-not-for-key-type"));
  }
}

TEST_CASE("Azure oct keys for HMAC: documented sizes freely, other lengths by force") {
  CHECK(check(Provider::kAzure, "generic-secret-24-bytes").code.empty());
  CHECK(check(Provider::kAzure, "generic-secret-32-bytes").code.empty());
  for (const char* type : {"generic-secret-20-bytes", "generic-secret-48-bytes",
                           "generic-secret-64-bytes", "generic-secret-128-bytes"}) {
    CHECK(check(Provider::kAzure, type) == usage("key-type-unverified"));
    CHECK(check(Provider::kAzure, type, Force::kYes).code.empty());
  }
}

TEST_CASE("Google takes HMAC keys of exactly their hash's length") {
  const std::map<unsigned, std::string> wanted{{20, "hmac-sha1"},
                                               {28, "hmac-sha224"},
                                               {32, "hmac-sha256"},
                                               {48, "hmac-sha384"},
                                               {64, "hmac-sha512"}};
  for (unsigned bytes = 20; bytes <= 128; ++bytes) {
    const std::string type = "generic-secret-" + std::to_string(bytes) + "-bytes";
    const auto found = wanted.find(bytes);
    if (found == wanted.end()) {
      CHECK(check(Provider::kGoogle, type) == usage("key-type-refused"));
    } else {
      CHECK(cloud_names(Provider::kGoogle, type) == Names{found->second});
    }
  }
}

TEST_CASE("Google: no P-521, no AES-192, AES-128 for raw encryption only") {
  CHECK(check(Provider::kGoogle, "ec-p521") == usage("key-type-refused"));
  CHECK(check(Provider::kGoogle, "aes-192") == usage("key-type-refused"));
  CHECK(cloud_names(Provider::kGoogle, "aes-128") ==
        Names{"aes-128-gcm", "aes-128-cbc", "aes-128-ctr"});
  CHECK(cloud_names(Provider::kGoogle, "aes-256") ==
        Names{"google-symmetric-encryption", "aes-256-gcm", "aes-256-cbc", "aes-256-ctr"});
  for (const CloudType& one : key_rule(Provider::kGoogle, parse_key_type("aes-128")).cloud_types) {
    CHECK(one.uses == std::vector<std::string_view>{"raw-encryption"});
  }
  CHECK(cloud_names(Provider::kGoogle, "rsa-4096").size() == 8);
  CHECK(cloud_names(Provider::kGoogle, "ec-secp256k1") == Names{"ec-sign-secp256k1-sha256"});
}

TEST_CASE("Google transports: direct OAEP with SHA-256 only, and never of RSA keys") {
  const std::set<std::string> three{"rsa-oaep-sha256", "rsa-aes-key-wrap-sha1",
                                    "rsa-aes-key-wrap-sha256"};
  CHECK(algorithms_of(Provider::kGoogle, "aes-256", Standing::kTaken) == three);
  CHECK(algorithms_of(Provider::kGoogle, "ec-p384", Standing::kTaken) == three);
  CHECK(algorithms_of(Provider::kGoogle, "rsa-3072", Standing::kTaken) == kAesBoth);
  CHECK(transport(Provider::kGoogle, "aes-256", "rsa-oaep-sha1", 3072) ==
        usage("algorithm-not-for-key-type"));
}

TEST_CASE("The sizes of wrapping keys") {
  const std::vector<unsigned> all{2048, 3072, 4096};
  CHECK(wrapping_key_sizes(Provider::kAws) == all);
  CHECK(wrapping_key_sizes(Provider::kAzure) == all);
  CHECK(wrapping_key_sizes(Provider::kGoogle) == std::vector<unsigned>{3072, 4096});
  CHECK(transport(Provider::kGoogle, "aes-256", "rsa-oaep-sha256", 2048) ==
        usage("wrapping-key-bits"));
}

TEST_CASE("OAEP capacities are those of RFC 8017") {
  CHECK(oaep_capacity(2048, Hash::kSha1) == 214);
  CHECK(oaep_capacity(2048, Hash::kSha256) == 190);
  CHECK(oaep_capacity(3072, Hash::kSha1) == 342);
  CHECK(oaep_capacity(3072, Hash::kSha256) == 318);
  CHECK(oaep_capacity(4096, Hash::kSha1) == 470);
  CHECK(oaep_capacity(4096, Hash::kSha256) == 446);
}

TEST_CASE("No PKCS#8 that openssl writes is longer than the table says") {
  const Workshop shop;
  const std::map<std::string, std::string> recipes{
      {"ec-p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"},
      {"ec-p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"},
      {"ec-p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"},
      {"ec-secp256k1", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"},
      {"ed25519", "-algorithm ED25519"},
      {"rsa-2048", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"}};
  for (const auto& row : recipes) {
    const std::string& type = row.first;  // CAPTURE cannot take a structured binding with clang 14
    CAPTURE(type);
    const std::size_t size = shop.must("openssl genpkey " + row.second +
                                       " 2>/dev/null | openssl pkcs8 -topk8 -nocrypt -outform DER")
                                 .size();
    const std::size_t longest = plaintext_bytes(parse_key_type(type));
    CHECK(size <= longest);
    CHECK(size + 16 > longest);
  }
}

TEST_CASE("A type in the cloud must fit the key") {
  const auto named = [](Provider provider, const char* type, const char* name) {
    return refusal_of(
        [&] { static_cast<void>(cloud_type(provider, parse_key_type(type), std::string(name))); });
  };
  CHECK(named(Provider::kAws, "generic-secret-64-bytes", "HMAC_224").code.empty());
  CHECK(named(Provider::kAws, "generic-secret-28-bytes", "HMAC_256") ==
        usage("cloud-type-not-for-key"));
  CHECK(named(Provider::kGoogle, "aes-128", "google-symmetric-encryption") ==
        usage("cloud-type-not-for-key"));
  CHECK(named(Provider::kGoogle, "rsa-3072", "rsa-sign-pss-2048-sha256") ==
        usage("cloud-type-not-for-key"));
}

TEST_CASE("The rows for the rehearsal are those that check_transport takes") {
  for (const Row& row : all_rows()) {
    const Force force = row.standing == Standing::kUnverified ? Force::kYes : Force::kNo;
    REQUIRE_FALSE(row.wrapping_bits.empty());
    CHECK_FALSE(row.cloud_types.empty());
    for (const unsigned bits : row.wrapping_bits) {
      CHECK(transport(row.provider, row.key_type.name(), row.algorithm.name(), bits, force)
                .code.empty());
    }
  }
  CHECK(all_rows().size() == 50 + 16 + 39);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
