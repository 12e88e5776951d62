#include "crypto/public_key.h"

#include <doctest/doctest.h>

#include "unit/crypto/key_maker.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::PublicKey;

void check_spki_refused(std::string_view code, ByteView der) {
  check_refused(Kind::kConfig, code,
                [&] { static_cast<void>(PublicKey::from_spki(der, "a file")); });
}
void check_pem_refused(std::string_view code, std::string_view pem) {
  check_refused(Kind::kConfig, code,
                [&] { static_cast<void>(PublicKey::from_pem(pem, "a file")); });
}

std::string pem_block(const std::string& label, ByteView content) {
  std::string text = "-----BEGIN " + label + "-----\n";
  const std::string base64 = to_base64(content);
  for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + "\n";
  return text + "-----END " + label + "-----\n";
}

TEST_CASE(
    "A public key of every type is read from DER and PEM, with the fingerprint sha256sum gives") {
  const Workshop shop;
  for (const Made& made : every_key_pair()) {
    CAPTURE(made.options);
    const Bytes der = make_key(shop, made.options);
    const std::string pem = as_text(shop.get("public.pem"));
    const auto key = PublicKey::from_spki(der, "a file");
    CHECK(key.type() == made.type);
    CHECK(key.rsa_bits() == (made.type.family == KeyFamily::kRsa ? made.type.size : 0));
    CHECK(key.spki() == der);
    CHECK(key.pem() == pem);
    CHECK(key.sha256() == as_text(shop.must("sha256sum public.der")).substr(0, 64));
    CHECK(PublicKey::from_pem(pem, "a file") == key);
    CHECK(PublicKey::from_file_content(der, "a file") == key);
    CHECK(PublicKey::from_file_content(as_bytes(pem), "a file") == key);
  }
}

TEST_CASE("A point in the hybrid form, which RFC 5480 does not allow, is refused") {
  const Workshop shop;
  (void)make_key(shop, kP256);
  const auto convert = [&](const std::string& form) {
    shop.must("openssl ec -pubin -inform DER -in public.der -conv_form " + form +
              " -outform DER -out " + form + ".der 2>/dev/null");
    return shop.get(form + ".der");
  };
  check_spki_refused("public-key-invalid", convert("hybrid"));
  CHECK(PublicKey::from_spki(convert("compressed"), "a file") ==
        PublicKey::from_spki(shop.get("public.der"), "a file"));
}

TEST_CASE("Keys are equal when their canonical DER is, and copies are the same key") {
  const Workshop shop;
  const auto first = PublicKey::from_spki(make_key(shop, kP256), "a file");
  const auto second = PublicKey::from_spki(make_key(shop, kP256), "a file");
  const PublicKey copy = first;
  CHECK(copy == first);
  CHECK(copy.get() == first.get());
  CHECK_FALSE(first == second);
}

TEST_CASE("RSA of any size is read, and any exponent") {
  const Workshop shop;
  for (const std::string bits : {"512", "1024", "2056"}) {
    const auto key = PublicKey::from_spki(
        make_key(shop, "-algorithm RSA -pkeyopt rsa_keygen_bits:" + bits), "a file");
    CHECK(std::to_string(key.rsa_bits()) == bits);
    CHECK(to_hex(key.rsa_exponent()) == "010001");
  }
  const auto cubed =
      PublicKey::from_spki(make_key(shop, kRsa1024 + " -pkeyopt rsa_keygen_pubexp:3"), "a file");
  CHECK(to_hex(cubed.rsa_exponent()) == "03");
}

TEST_CASE("An EC key with a compressed point is the same key with the same fingerprint") {
  const Workshop shop;
  for (const CurveInfo& curve : curves()) {
    CAPTURE(std::string(curve.name));
    const auto key = PublicKey::from_spki(
        make_key(shop, "-algorithm EC -pkeyopt ec_paramgen_curve:" + std::string(curve.openssl)),
        "a file");
    const Bytes compressed = shop.must(
        "openssl ec -pubin -in public.pem -conv_form compressed -outform DER 2>/dev/null");
    CHECK(compressed.size() < key.spki().size());
    CHECK(PublicKey::from_spki(compressed, "a file") == key);
    CHECK(PublicKey::from_spki(compressed, "a file").sha256() == key.sha256());
  }
}

TEST_CASE("PEM where DER is wanted is refused as public-key-is-pem") {
  const Workshop shop;
  make_key(shop, kP256);
  check_spki_refused("public-key-is-pem", shop.get("public.pem"));
  check_spki_refused("public-key-is-pem", shop.get("key.pem"));
}

TEST_CASE("DER that is cut anywhere or not a public key is refused as public-key-invalid") {
  const Workshop shop;
  const Bytes der = make_key(shop, kRsa1024);
  for (std::size_t size = 0; size < der.size(); ++size) {
    CAPTURE(size);
    check_spki_refused("public-key-invalid", ByteView(der).first(size));
  }
  check_spki_refused("public-key-invalid", as_bytes("{\"PublicKey\": \"MIIB\"}"));
  check_spki_refused("public-key-invalid", Bytes(294));
  // PKCS#1, PKCS#8, and a certificate.
  check_spki_refused(
      "public-key-invalid",
      shop.must("openssl rsa -in key.pem -RSAPublicKey_out -outform DER 2>/dev/null"));
  check_spki_refused("public-key-invalid",
                     shop.must("openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER"));
  check_spki_refused("public-key-invalid",
                     shop.must("openssl req -x509 -key key.pem -subj /CN=x -outform DER"));
}

TEST_CASE("Bytes behind the key are refused as public-key-trailing-bytes") {
  const Workshop shop;
  for (const Made& made : every_key_pair()) {
    CAPTURE(made.options);
    const Bytes der = make_key(shop, made.options);
    check_spki_refused("public-key-trailing-bytes", concat(der, Bytes(1)));
    check_spki_refused("public-key-trailing-bytes", concat(der, as_bytes("\n")));
    check_spki_refused("public-key-trailing-bytes", concat(der, der));
    check_pem_refused("public-key-trailing-bytes", pem_block("PUBLIC KEY", concat(der, Bytes(1))));
  }
}

TEST_CASE("An EC point that is not on its curve is refused as public-key-invalid") {
  const Workshop shop;
  Bytes der = make_key(shop, kP256);
  der.back() ^= 1;
  check_spki_refused("public-key-invalid", der);
  check_pem_refused("public-key-invalid", pem_block("PUBLIC KEY", der));
}

TEST_CASE("The point at infinity is refused as public-key-invalid") {
  // SubjectPublicKeyInfo { ecPublicKey, prime256v1 }, BIT STRING 00.
  check_spki_refused("public-key-invalid",
                     from_hex("3019301306072a8648ce3d020106082a8648ce3d03010703020000"));
}

TEST_CASE("Another encoding than DER of an RSA key is refused as public-key-invalid") {
  const Workshop shop;
  const Bytes der = make_key(shop, kRsa1024);
  REQUIRE(to_hex(der).starts_with("30819f300d06092a864886f70d010101050003818d0030818902818100"));
  const std::string rest = to_hex(der).substr(58);
  const std::string algorithm = "300d06092a864886f70d0101010500";
  // A longer form of the first length, no NULL, bytes behind the key inside its bit string, a
  // negative modulus, unused bits.
  for (const std::string& start :
       {"3082009f" + algorithm + "03818d0030818902818100",
        std::string("30819d300b06092a864886f70d01010103818d0030818902818100")}) {
    check_spki_refused("public-key-invalid", from_hex(start + rest));
  }
  check_spki_refused("public-key-invalid",
                     from_hex("3081a1" + algorithm + "03818f0030818902818100" + rest + "0000"));
  check_spki_refused("public-key-invalid",
                     from_hex("30819e" + algorithm + "03818c00308188028180" + rest));
  check_spki_refused("public-key-invalid",
                     from_hex("30819f" + algorithm + "03818d0330818902818100" + rest));
}

TEST_CASE("RSA numbers that make no RSA key are refused as public-key-invalid") {
  const std::string start = "301a300d06092a864886f70d01010105000309003006";
  // Modulus and exponent: 0 and 3, 1 and 3, 14 and 3, 15 and 0, 15 and 1 (which would encrypt
  // nothing), 15 and 2; 15 and 3 would do.
  for (const std::string numbers : {"020100020103", "020101020103", "02010e020103", "02010f020100",
                                    "02010f020101", "02010f020102"}) {
    CAPTURE(numbers);
    check_spki_refused("public-key-invalid", from_hex(start + numbers));
  }
  CHECK(PublicKey::from_spki(from_hex(start + "02010f020103"), "a file").rsa_bits() == 4);
}

TEST_CASE("Curves by explicit parameters are refused as public-key-unsupported") {
  const Workshop shop;
  const Bytes der = make_key(shop, kP256 + " -pkeyopt ec_param_enc:explicit");
  check_spki_refused("public-key-unsupported", der);
  check_pem_refused("public-key-unsupported", as_text(shop.get("public.pem")));
}

TEST_CASE("Keys of a type or curve that keyrite does not handle are refused by name") {
  const Workshop shop;
  for (const std::string options :
       {"-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp224r1", "-algorithm X25519",
        "-algorithm ED448", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024"}) {
    CAPTURE(options);
    check_spki_refused("public-key-unsupported", make_key(shop, options));
    check_pem_refused("public-key-unsupported", as_text(shop.get("public.pem")));
  }
}

TEST_CASE("A PEM private key of any form is refused as private-key-given") {
  const Workshop shop;
  make_key(shop, kRsa1024);
  for (const std::string line : {"cat key.pem", "openssl rsa -in key.pem -traditional 2>/dev/null",
                                 "openssl pkcs8 -topk8 -in key.pem -passout pass:abcd",
                                 "cat public.pem key.pem", "cat key.pem public.pem"}) {
    CAPTURE(line);
    const std::string pem = as_text(shop.must(line));
    check_pem_refused("private-key-given", pem);
    check_refused(Kind::kConfig, "private-key-given", [&] {
      static_cast<void>(PublicKey::from_file_content(as_bytes(pem), "a file"));
    });
  }
  make_key(shop, kP256);
  check_pem_refused("private-key-given", as_text(shop.must("openssl ec -in key.pem 2>/dev/null")));
}

TEST_CASE("PEM may have CRLF and text around it, as people mail it") {
  const Workshop shop;
  const auto key = PublicKey::from_spki(make_key(shop, kP256), "a file");
  const std::string pem = as_text(shop.get("public.pem"));
  CHECK(PublicKey::from_pem(as_text(shop.must("sed 's/$/\\r/' public.pem")), "a file") == key);
  CHECK(PublicKey::from_pem("the key of today:\n" + pem + "\nregards\n", "a file") == key);
}

TEST_CASE("PEM with more than one block is refused as public-key-trailing-bytes") {
  const Workshop shop;
  const Bytes der = make_key(shop, kP256);
  const std::string pem = as_text(shop.get("public.pem"));
  const std::string certificate = as_text(shop.must("openssl req -x509 -key key.pem -subj /CN=x"));
  check_pem_refused("public-key-trailing-bytes", pem + pem);
  check_pem_refused("public-key-trailing-bytes", pem + certificate);
  check_pem_refused("public-key-trailing-bytes", pem + pem_block("PUBLIC KEY", Bytes(20)));
  check_pem_refused("public-key-trailing-bytes", pem + "-----BEGIN PUBLIC KEY-----\nMFk");
}

TEST_CASE("PEM that is not one PUBLIC KEY block is refused as public-key-invalid") {
  const Workshop shop;
  const Bytes der = make_key(shop, kRsa1024);
  const std::string pem = as_text(shop.get("public.pem"));
  check_pem_refused("public-key-invalid", "");
  check_pem_refused("public-key-invalid", "no PEM at all");
  check_pem_refused("public-key-invalid", pem.substr(0, pem.size() / 2));
  check_pem_refused("public-key-invalid", pem_block("PUBLIC KEY", {}));
  check_pem_refused("public-key-invalid", pem_block("PUBLIC KEY", ByteView(der).first(40)));
  check_pem_refused("public-key-invalid", pem_block("CERTIFICATE", der));
  check_pem_refused("public-key-invalid",
                    as_text(shop.must("openssl rsa -in key.pem -RSAPublicKey_out 2>/dev/null")));
  check_pem_refused("public-key-invalid",
                    as_text(shop.must("openssl req -x509 -key key.pem -subj /CN=x")));
}

TEST_CASE("A refused key is named as the caller calls it") {
  try {
    static_cast<void>(PublicKey::from_spki({}, "PublicKey.bin"));
    FAIL_CHECK("nothing was refused");
  } catch (const Error& error) {
    CHECK(error.message().starts_with("PublicKey.bin: "));
    CHECK_FALSE(error.hint().empty());
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
