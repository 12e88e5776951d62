#include "crypto/pkcs8.h"

#include <doctest/doctest.h>

#include "unit/crypto/key_maker.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::read_pkcs8;

// The PrivateKeyInfo of key.pem.
Bytes pkcs8_of(const Workshop& shop) {
  return shop.must("openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
}

void check_clean(ByteView der, ByteView spki) {
  const auto info = read_pkcs8(der);
  REQUIRE(info);
  CHECK(info->public_key.spki() == Bytes(spki.begin(), spki.end()));
  CHECK(info->der_length == der.size());
  CHECK(info->trailing_bytes == 0);
}

void check_followed(ByteView der, ByteView rest, bool all_zero) {
  const auto info = read_pkcs8(concat(der, rest));
  REQUIRE(info);
  CHECK(info->der_length == der.size());
  CHECK(info->trailing_bytes == rest.size());
  CHECK(info->trailing_all_zero == all_zero);
}

TEST_CASE("The PKCS 8 of every key pair names the public key that openssl derives") {
  const Workshop shop;
  for (const Made& made : every_key_pair()) {
    CAPTURE(made.options);
    const Bytes spki = make_key(shop, made.options);
    const Bytes der = pkcs8_of(shop);
    check_clean(der, spki);
    CHECK(read_pkcs8(der)->public_key.type() == made.type);
  }
}

TEST_CASE("The PKCS 8 of an EC key without its public half names the same public key") {
  const Workshop shop;
  const Bytes spki = make_key(shop, kP256);
  const Bytes der = shop.must(
      "openssl ec -in key.pem -no_public 2>/dev/null |"
      " openssl pkcs8 -topk8 -nocrypt -outform DER");
  CHECK(der.size() == 67);
  check_clean(der, spki);
}

TEST_CASE("What stands behind a PKCS 8 is counted, zeros told from the rest") {
  const Workshop shop;
  for (const Made& made : every_key_pair()) {
    CAPTURE(made.options);
    make_key(shop, made.options);
    const Bytes der = pkcs8_of(shop);
    check_followed(der, Bytes(1), true);
    check_followed(der, Bytes(7), true);
    check_followed(der, Bytes(1, 8), false);
    check_followed(der, from_hex("0808080808080808"), false);
    check_followed(der, from_hex("000001"), false);
    check_followed(der, der, false);
  }
}

TEST_CASE("A PKCS 8 whose private part is not that of its public half is none") {
  const Workshop shop;
  // RFC 5915: the scalar is an OCTET STRING of 32 bytes, at a fixed place for P-256.
  make_key(shop, kP256);
  Bytes curve = pkcs8_of(shop);
  const std::size_t scalar = 36;
  CHECK(curve.at(scalar - 2) == 0x04);
  CHECK(curve.at(scalar - 1) == 32);
  curve.at(scalar + 31) ^= 1U;
  CHECK_FALSE(read_pkcs8(curve));

  make_key(shop, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  const Bytes rsa = pkcs8_of(shop);
  // RFC 8017 appendix A.1.2: the modulus ends in the first quarter, d, p, q, d mod p-1, d mod q-1
  // and q^-1 mod p are the rest.
  for (std::size_t at = rsa.size() * 3 / 10; at < rsa.size(); at += rsa.size() / 12) {
    CAPTURE(at);
    Bytes wrong = rsa;
    wrong.at(at) ^= 1U;
    CHECK_FALSE(read_pkcs8(wrong));
  }
}

TEST_CASE("A PKCS 8 cut anywhere is none") {
  const Workshop shop;
  for (const std::string& options : {kP256, kRsa1024, std::string("-algorithm ED25519")}) {
    CAPTURE(options);
    make_key(shop, options);
    const Bytes der = pkcs8_of(shop);
    for (std::size_t size = 0; size < der.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(read_pkcs8(ByteView(der).first(size)));
    }
  }
}

TEST_CASE("Other forms of a private key are no PKCS 8") {
  const Workshop shop;
  const Bytes spki = make_key(shop, kRsa1024);
  CHECK_FALSE(read_pkcs8(spki));
  CHECK_FALSE(read_pkcs8(shop.get("key.pem")));
  CHECK_FALSE(
      read_pkcs8(shop.must("openssl rsa -in key.pem -traditional -outform DER 2>/dev/null")));
  CHECK_FALSE(
      read_pkcs8(shop.must("openssl pkcs8 -topk8 -in key.pem -passout pass:abcd -outform DER")));
  make_key(shop, kP256);
  CHECK_FALSE(read_pkcs8(shop.must("openssl ec -in key.pem -outform DER 2>/dev/null")));
  CHECK_FALSE(read_pkcs8(Bytes(32, 0x30)));
}

TEST_CASE("Types and curves that keyrite does not handle, and explicit curves, are not read") {
  const Workshop shop;
  for (const std::string& options :
       {kP256 + " -pkeyopt ec_param_enc:explicit",
        std::string("-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1"),
        std::string("-algorithm X25519"), std::string("-algorithm ED448"),
        std::string("-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024")}) {
    CAPTURE(options);
    make_key(shop, options);
    CHECK_FALSE(read_pkcs8(pkcs8_of(shop)));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
