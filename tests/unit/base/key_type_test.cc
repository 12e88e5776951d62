#include "base/key_type.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Refusal refusal(std::string_view name) {
  return refusal_of([&] { static_cast<void>(parse_key_type(name)); });
}

std::string of_openssl(const Workshop& shop, const CurveInfo& curve, const std::string& rest) {
  return as_text(shop.must("openssl ecparam -name " + std::string(curve.openssl) + rest));
}

TEST_CASE("The curves are those that openssl knows: DER and OID and size") {
  const Workshop shop;
  shop.put("oid.py", as_bytes("import sys\n"
                              "der = sys.stdin.buffer.read()\n"
                              "arcs, n = [], 0\n"
                              "for b in der[2:]:\n"
                              "    n = n << 7 | b & 127\n"
                              "    if b < 128: arcs.append(n); n = 0\n"
                              "first = min(arcs[0] // 40, 2)\n"
                              "arcs[:1] = [first, arcs[0] - 40 * first]\n"
                              "print('.'.join(map(str, arcs)), end='')\n"));
  CHECK(curves().size() == 4);
  for (const CurveInfo& curve : curves()) {
    CAPTURE(curve.name);
    CHECK(as_text(curve.ec_params_der) == of_openssl(shop, curve, " -outform DER"));
    CHECK(of_openssl(shop, curve, " -outform DER | python3 oid.py") == curve.oid);
    const std::string bits = of_openssl(
        shop, curve, " -genkey -noout | openssl pkey -noout -text | grep -o '[0-9]* bit'");
    CHECK((std::stoul(bits) + 7) / 8 == curve.field_bytes);
  }
}

TEST_CASE("The curves have the names of our options and of JSON web keys") {
  const auto names = [](Curve curve) {
    return std::pair{curve_info(curve).name, curve_info(curve).jwk};
  };
  CHECK(names(Curve::kP256) == std::pair<std::string_view, std::string_view>("ec-p256", "P-256"));
  CHECK(names(Curve::kP384) == std::pair<std::string_view, std::string_view>("ec-p384", "P-384"));
  CHECK(names(Curve::kP521) == std::pair<std::string_view, std::string_view>("ec-p521", "P-521"));
  CHECK(names(Curve::kSecp256k1) ==
        std::pair<std::string_view, std::string_view>("ec-secp256k1", "P-256K"));
}

TEST_CASE("Asking for the curve of a key without one is a defect of keyrite") {
  const Refusal found = refusal_of([] { static_cast<void>(curve_info(Curve::kNone)); });
  CHECK(found.kind == Kind::kInternal);
  CHECK(found.code == "no-curve");
}

TEST_CASE("generate-kek offers every type of the table under its name") {
  std::string names;
  for (const KeyType& type : all_key_types()) names += type.name() + " ";
  CHECK(names ==
        "aes-128 aes-192 aes-256 generic-secret-20-bytes generic-secret-28-bytes "
        "generic-secret-32-bytes generic-secret-48-bytes generic-secret-64-bytes "
        "generic-secret-128-bytes rsa-2048 rsa-3072 rsa-4096 ec-p256 ec-p384 ec-p521 ec-secp256k1 "
        "ed25519 ");
}

TEST_CASE("Every key type is read back from its name") {
  for (const KeyType& type : all_key_types()) CHECK(parse_key_type(type.name()) == type);
  const KeyType aes = parse_key_type("aes-192");
  CHECK(aes.family == KeyFamily::kAes);
  CHECK(aes.size == 192);
  CHECK(aes.curve == Curve::kNone);
  CHECK(parse_key_type("rsa-3072").size == 3072);
  const KeyType curve = parse_key_type("ec-secp256k1");
  CHECK(curve.family == KeyFamily::kEc);
  CHECK(curve.curve == Curve::kSecp256k1);
  CHECK(curve.size == 0);
  CHECK(parse_key_type("ed25519").family == KeyFamily::kEd25519);
}

TEST_CASE("Secret keys know how many bytes their value has and key pairs have none") {
  CHECK(parse_key_type("aes-128").secret_bytes() == 16);
  CHECK(parse_key_type("aes-192").secret_bytes() == 24);
  CHECK(parse_key_type("aes-256").secret_bytes() == 32);
  CHECK(parse_key_type("generic-secret-33-bytes").secret_bytes() == 33);
  CHECK(parse_key_type("aes-128").is_secret());
  CHECK(parse_key_type("generic-secret-20-bytes").is_secret());
  for (const std::string_view pair : {"rsa-2048", "ec-p521", "ed25519"}) {
    CHECK_FALSE(parse_key_type(pair).is_secret());
    CHECK(parse_key_type(pair).secret_bytes() == 0);
  }
}

TEST_CASE("Generic secrets have 20 to 128 bytes") {
  for (unsigned bytes = 20; bytes <= 128; ++bytes) {
    const std::string name = "generic-secret-" + std::to_string(bytes) + "-bytes";
    CHECK(parse_key_type(name).size == bytes);
    CHECK(parse_key_type(name).name() == name);
  }
  for (const std::string_view length :
       {"0", "1", "19", "129", "256", "4294967295", "4294967328", "99999999999999999999999"}) {
    CAPTURE(length);
    CHECK(refusal("generic-secret-" + std::string(length) + "-bytes") ==
          usage("generic-secret-length"));
  }
}

TEST_CASE("Unknown key types are a usage error that lists what there is") {
  for (const std::string_view name : {"",
                                      "aes",
                                      "aes-512",
                                      "aes-256 ",
                                      "AES-256",
                                      "rsa-1024",
                                      "rsa-8192",
                                      "ec-p224",
                                      "P-256",
                                      "ec-",
                                      "ed448",
                                      "generic-secret",
                                      "generic-secret-32",
                                      "generic-secret-bytes",
                                      "generic-secret--bytes",
                                      "generic-secret--32-bytes",
                                      "generic-secret-+32-bytes",
                                      "generic-secret- 32-bytes",
                                      "generic-secret-32x-bytes",
                                      "generic-secret-0x20-bytes",
                                      "generic-secret-032-bytes"}) {
    CAPTURE(name);
    CHECK(refusal(name) == usage("key-type-unknown"));
  }
  const std::string hint = refusal("x").hint;
  for (const KeyType& type : all_key_types()) {
    if (type.family == KeyFamily::kGenericSecret) continue;
    CHECK(hint.find(type.name()) != std::string::npos);
  }
  CHECK(refusal("\x1b[2J").message == "\"\\x1b[2J\" is not a key type that keyrite knows");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
