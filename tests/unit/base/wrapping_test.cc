#include "base/wrapping.h"

#include <doctest/doctest.h>

#include "base/key_origin.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Every wrapping algorithm has the name that options and manifests use") {
  CHECK(WrappingAlgorithm{Scheme::kRsaOaep, Hash::kSha1}.name() == "rsa-oaep-sha1");
  CHECK(WrappingAlgorithm{Scheme::kRsaOaep, Hash::kSha256}.name() == "rsa-oaep-sha256");
  CHECK(WrappingAlgorithm{Scheme::kRsaAesKeyWrap, Hash::kSha1}.name() == "rsa-aes-key-wrap-sha1");
  CHECK(WrappingAlgorithm{Scheme::kRsaAesKeyWrap, Hash::kSha256}.name() ==
        "rsa-aes-key-wrap-sha256");
}

TEST_CASE("All four wrapping algorithms are listed once and read back from their names") {
  const auto& all = all_wrapping_algorithms();
  CHECK(all.size() == 4);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(parse_wrapping_algorithm(all[i].name()) == all[i]);
    for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(all[i] == all[k]);
  }
}

TEST_CASE("Names of wrapping algorithms are taken as they stand or refused") {
  for (const std::string_view name : {"", "rsa-oaep", "rsa-oaep-sha512", "RSA-OAEP-SHA1",
                                      "rsa-oaep-sha1 ", "RSAES_OAEP_SHA_256"}) {
    CAPTURE(name);
    CHECK(refusal_of([&] { static_cast<void>(parse_wrapping_algorithm(name)); }) ==
          config("algorithm-unknown"));
  }
  CHECK(refusal_of([] { static_cast<void>(parse_wrapping_algorithm("\x1b[2J")); }).message ==
        "\"\\x1b[2J\" is not a wrapping algorithm that keyrite knows");
}

TEST_CASE("Hashes are named as FIPS 180 names them") {
  CHECK(hash_name(Hash::kSha1) == "SHA-1");
  CHECK(hash_name(Hash::kSha256) == "SHA-256");
}

TEST_CASE("Methods are read back from their names and only one of them leaves the token") {
  struct Row {
    Method method{};
    std::string_view name{};
    Custody custody{};
  };
  for (const Row& row : {Row{Method::kNative, "native", Custody::kHsm},
                         Row{Method::kComposed, "composed", Custody::kHsm},
                         Row{Method::kDirect, "direct", Custody::kHsm},
                         Row{Method::kHostEphemeral, "host-ephemeral", Custody::kHostEphemeral}}) {
    CHECK(method_name(row.method) == row.name);
    CHECK(parse_method(row.name) == row.method);
    CHECK(custody_of(row.method) == row.custody);
  }
}

TEST_CASE("Unknown methods are a usage error that lists the methods") {
  for (const std::string_view name : {"", "Native", "host", "native,direct"}) {
    CAPTURE(name);
    CHECK(refusal_of([&] { static_cast<void>(parse_method(name)); }) == usage("method-unknown"));
  }
  CHECK(refusal_of([] { static_cast<void>(parse_method("x")); }).hint ==
        "the methods are native, composed, direct and host-ephemeral");
}

TEST_CASE("Custodies are read back from their names and others are refused") {
  CHECK(custody_name(Custody::kHsm) == "hsm");
  CHECK(custody_name(Custody::kHostEphemeral) == "host-ephemeral");
  CHECK(parse_custody("hsm") == Custody::kHsm);
  CHECK(parse_custody("host-ephemeral") == Custody::kHostEphemeral);
  for (const std::string_view name : {"", "HSM", "host", "target-in-host-memory"}) {
    CAPTURE(name);
    CHECK(refusal_of([&] { static_cast<void>(parse_custody(name)); }) == config("custody-unknown"));
  }
}

TEST_CASE("What is checked of a wrap follows from its method, and other words are refused") {
  CHECK(wrap_check_name(wrap_check_of(Method::kComposed)) == "aes-kwp-twice");
  CHECK(wrap_check_name(wrap_check_of(Method::kHostEphemeral)) == "aes-kwp-twice");
  CHECK(wrap_check_name(wrap_check_of(Method::kNative)) == "length");
  CHECK(wrap_check_name(wrap_check_of(Method::kDirect)) == "length");
  CHECK(parse_wrap_check("aes-kwp-twice") == WrapCheck::kKwpTwice);
  CHECK(parse_wrap_check("length") == WrapCheck::kLength);
  for (const std::string_view name : {"", "Length", "kwp-twice"}) {
    CAPTURE(name);
    CHECK(refusal_of([&] { static_cast<void>(parse_wrap_check(name)); }) ==
          config("check-unknown"));
  }
}

TEST_CASE("Origins of a key are read back from their names and others are refused") {
  for (const auto origin : {KeyOrigin::kLogged, KeyOrigin::kToken, KeyOrigin::kUnknown}) {
    CHECK(parse_key_origin(key_origin_name(origin)) == origin);
  }
  CHECK(key_origin_name(KeyOrigin::kLogged) == "logged");
  CHECK(key_origin_name(KeyOrigin::kToken) == "token");
  CHECK(key_origin_name(KeyOrigin::kUnknown) == "unknown");
  for (const std::string_view name : {"", "Token", "imported"}) {
    CAPTURE(name);
    CHECK(refusal_of([&] { static_cast<void>(parse_key_origin(name)); }) ==
          config("origin-unknown"));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
