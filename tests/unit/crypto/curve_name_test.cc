// The names of curves, as the openssl command encodes and names them.
#include "crypto/curve_name.h"

#include <doctest/doctest.h>

#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A curve is named as openssl names it, with its object identifier") {
  const Workshop shop;
  for (const char* name : {"brainpoolP256r1", "secp224r1", "prime256v1", "sect283k1", "SM2"}) {
    CAPTURE(name);
    const std::string curve(name);
    const Bytes der = shop.must("openssl ecparam -name " + curve + " -outform DER");
    const std::string text = crypto::curve_text(der);
    CHECK(text.starts_with(curve + " ("));
    shop.put("der", der);
    // "OBJECT            :brainpoolP256r1"; the dotted form is what openssl encodes to the same
    // DER.
    const std::string number = text.substr(curve.size() + 2, text.size() - curve.size() - 3);
    CHECK(shop.must("openssl asn1parse -genstr OID:" + number +
                    " -noout -out again && cat again") == der);
  }
}

TEST_CASE("What names no curve is said as what it is") {
  CHECK(crypto::curve_text(from_hex("06042b658f51")) == "1.3.101.2001");
  CHECK(crypto::curve_text(from_hex("130a63757276653235353139")) == "\"curve25519\"");
  CHECK(crypto::curve_text(from_hex("1303411b42")) == "\"A\\x1bB\"");
  CHECK(crypto::curve_text(from_hex("3003020101")) == "explicit parameters");
  for (const char* hex : {"", "06", "0603", "06032b", "06032b657000", "1305aabb", "0101ff"}) {
    CAPTURE(hex);
    CHECK(crypto::curve_text(from_hex(hex)) == "not named");
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
