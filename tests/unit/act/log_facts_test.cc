#include "act/log_facts.h"

#include <doctest/doctest.h>

#include "crypto/check_value.h"
#include "keys/read_back.h"
#include "pkcs11/attribute.h"
#include "pkcs11/mechanism.h"
#include "provider/destination.h"
#include "provider/rules.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using act::Fact;
using act::LogFacts;
using act::Words;

constexpr const char* kName = "acme-payments";

TEST_CASE("Facts are ids, hashes, numbers, times and our own words") {
  const LogFacts facts{{"id", Fact::id("0aff")},
                       {"sha256", Fact::sha256(std::string(64, 'a'))},
                       {"bytes", std::size_t{256}},
                       {"good", true},
                       {"until", TimePoint{}},
                       {"none", Fact::none()},
                       {"method", Words::of(Method::kComposed)},
                       {"list", std::vector<Fact>{1, false}}};
  CHECK(facts.json() == Json{{"id", "0aff"},
                             {"sha256", std::string(64, 'a')},
                             {"bytes", 256},
                             {"good", true},
                             {"until", "1970-01-01T00:00:00Z"},
                             {"none", nullptr},
                             {"method", "composed"},
                             {"list", {1, false}}});
}

TEST_CASE("A name is neither an id nor a SHA-256") {
  for (const char* text : {kName, "0AFF", "0af", "0aff ", "0x0aff"}) {
    CHECK(failure_of([&] { (void)Fact::id(text); }).code == "log-fact-form");
    CHECK(failure_of([&] { (void)Fact::sha256(text); }).code == "log-fact-form");
  }
  CHECK(failure_of([] { (void)Fact::id(std::string(130, 'a')); }).code == "log-fact-form");
  CHECK(Fact::id("").json().is_null());
}

TEST_CASE("A word is one of a table, else it is said that it is none") {
  CHECK(Words::listed("padded-pkcs8", {"padded-pkcs8"}) == "padded-pkcs8");
  for (const auto& words : {Words::listed(kName, {"padded-pkcs8"}), Words::cloud_algorithm(kName),
                            Words::unverified_point(kName), Words::challenge(kName)}) {
    CHECK(words == "not in the table");
  }
  CHECK(Words::cloud_algorithm("HMAC_256") == "HMAC_256");
  CHECK(Words::challenge("hmac-sha256") == "hmac-sha256");
  CHECK(Words::unverified_point("azure-oct-key-in-vault") == "azure-oct-key-in-vault");
  for (const auto provider : provider::all_providers()) {
    for (const auto& rule : provider::key_rules(provider)) {
      if (!rule.point.empty()) CHECK(Words::unverified_point(rule.point) == rule.point);
      for (const auto& type : rule.cloud_types)
        CHECK(Words::cloud_algorithm(type.algorithm) == type.algorithm);
    }
  }
  CHECK((Words("RFC 5649 by ") + Words::hex_number(0x210B)) == "RFC 5649 by 0x210B");
}

TEST_CASE("Of an Error the log has code, exit code and the token's answer, never its message") {
  const Error error =
      Error(Kind::kToken, "label-taken", std::string("there is a ") + kName)
          .with_ckr({.function = "C_FindObjects", .name = "CKR_DEVICE_ERROR", .value = 0x30});
  CHECK(act::facts_of(error).json() ==
        Json{{"code", "label-taken"},
             {"exit_code", 4},
             {"ckr",
              {{"function", "C_FindObjects"}, {"name", "CKR_DEVICE_ERROR"}, {"value", "0x30"}}}});
  const Error odd = Error(Kind::kToken, "Acme Payments", "")
                        .with_ckr({.function = kName, .name = kName, .value = 5});
  CHECK(act::facts_of(odd).json().dump().find("acme") == std::string::npos);
  CHECK(act::facts_of(odd).json()["code"] == "internal");
}

TEST_CASE("Fingerprints that differ are facts, what somebody typed instead of one is not") {
  const Error error = Error(Kind::kVerification, "wrapping-key-unexpected", "")
                          .with_compared({.expected = kName, .found = std::string(64, 'b')});
  CHECK(act::facts_of(error).json() == Json{{"code", "wrapping-key-unexpected"},
                                            {"exit_code", 6},
                                            {"found", std::string(64, 'b')}});
}

TEST_CASE("Of a check value the algorithm is one of ours and the value hex") {
  CHECK(Fact::of(crypto::CheckValue{"aes-ecb-zero", "00ff"}).json() ==
        Json{{"alg", "aes-ecb-zero"}, {"value", "00ff"}});
  CHECK(Fact::of(crypto::CheckValue{kName, "00ff"}).json()["alg"] == "not in the table");
  const auto named = failure_of([] { (void)Fact::of(crypto::CheckValue{"aes-ecb-zero", kName}); });
  CHECK(named.code == "log-fact-form");
}

TEST_CASE("Of a key's attributes flags, numbers and ids are facts, texts are not") {
  const keys::NamedValues values{{"CKA_LABEL", kName},      {"CKA_ID", "0aff"},
                                 {"CKA_SENSITIVE", "true"}, {"CKA_CLASS", "CKO_SECRET_KEY"},
                                 {"CKA_VALUE_LEN", "32"},   {"CKA_KEY_TYPE", kName},
                                 {"CKA_ID2", kName},        {"CKA_TRUSTED", "not readable"},
                                 {"CKA_EC_PARAMS", kName}};
  CHECK(keys::facts_of(values).json() == Json{{"CKA_ID", "0aff"},
                                              {"CKA_SENSITIVE", "true"},
                                              {"CKA_CLASS", "CKO_SECRET_KEY"},
                                              {"CKA_VALUE_LEN", "32"},
                                              {"CKA_KEY_TYPE", "not in the table"},
                                              {"CKA_TRUSTED", "not readable"},
                                              {"CKA_EC_PARAMS", nullptr}});
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
