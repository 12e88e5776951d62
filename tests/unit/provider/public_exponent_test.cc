// RSA keys as the openssl command makes them, with exponents that clouds may refuse.
#include "provider/public_exponent.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::provider {
namespace KEYRITE_TEST_FILE {

crypto::PublicKey rsa_key(const char* exponent) {
  const test::Workshop shop;
  return crypto::PublicKey::from_spki(
      shop.must(std::string("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt "
                            "rsa_keygen_pubexp:") +
                exponent + " 2>/dev/null | openssl pkey -pubout -outform DER"),
      "openssl");
}

TEST_CASE("65537 is taken by every cloud, and nothing else without a word") {
  const auto usual = rsa_key("65537");
  for (const Provider provider : all_providers())
    CHECK(check_public_exponent(provider, usual, Force::kNo).empty());
  for (const char* exponent : {"3", "17", "4294967297"}) {
    const auto key = rsa_key(exponent);
    for (const Provider provider : all_providers()) {
      CAPTURE(exponent);
      CAPTURE(provider_name(provider));
      const bool excluded = provider == Provider::kGoogle && key.rsa_exponent().size() < 3;
      const auto code = [&](Force force) {
        return test::failure_of([&] { (void)check_public_exponent(provider, key, force); }).code;
      };
      CHECK(code(Force::kNo) == (excluded ? "rsa-exponent-refused" : "rsa-exponent-unverified"));
      if (excluded) {
        CHECK(code(Force::kYes) == "rsa-exponent-refused");
        continue;
      }
      CHECK(
          check_public_exponent(provider, key, Force::kYes) ==
          std::vector<std::string>{std::string(provider_name(provider)) + "-rsa-public-exponent"});
    }
  }
}

TEST_CASE("A key that is not RSA has no exponent to look at") {
  const test::Workshop shop;
  const auto key = crypto::PublicKey::from_spki(
      shop.must("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | "
                "openssl pkey -pubout -outform DER"),
      "openssl");
  CHECK(check_public_exponent(Provider::kAws, key, Force::kNo).empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::provider
