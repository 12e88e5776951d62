#include <doctest/doctest.h>

#include "base/json.h"
#include "crypto/public_key.h"
#include "unit/crypto/key_maker.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::PublicKey;

// The numbers of public.pem in both alphabets, by python's cryptography: base64url without padding
// (RFC 7518) and base64 with it (as az also writes).
constexpr std::string_view kPython = R"(
import base64, json
from cryptography.hazmat.primitives.serialization import load_pem_public_key, Encoding, PublicFormat
key = load_pem_public_key(open("public.pem", "rb").read())
if hasattr(key, "public_numbers"):
    numbers = key.public_numbers()
    size = (key.key_size + 7) // 8
    fields = ({"n": numbers.n.to_bytes(size, "big"), "e": numbers.e.to_bytes(3, "big").lstrip(b"\0")}
              if hasattr(numbers, "n") else
              {"x": numbers.x.to_bytes(size, "big"), "y": numbers.y.to_bytes(size, "big")})
else:
    fields = {"x": key.public_bytes(Encoding.Raw, PublicFormat.Raw)}
print(json.dumps({name: {"url": base64.urlsafe_b64encode(value).decode().rstrip("="),
                         "std": base64.b64encode(value).decode()} for name, value in fields.items()}))
)";

class Numbers {
 public:
  explicit Numbers(const Workshop& shop) {
    shop.put("numbers.py", as_bytes(kPython));
    document_ = parse_json(shop.must("/usr/bin/python3 numbers.py"), "numbers");
  }
  [[nodiscard]] Bytes get(const char* name, const char* alphabet = "url") const {
    return from_base64_any(document_.at(name).at(alphabet).get<std::string>(), name);
  }

 private:
  Json document_{};
};

void check_invalid(const std::function<void()>& call) {
  check_refused(Kind::kConfig, "public-key-invalid", call);
}

std::string on_curve(const CurveInfo& curve) {
  return "-algorithm EC -pkeyopt ec_paramgen_curve:" + std::string(curve.openssl);
}

// 02 or 03 || x, and 04 || x || y (SEC 1 section 2.3.3).
Bytes compressed(ByteView x, ByteView y) {
  return concat(Bytes(1, static_cast<std::uint8_t>(2 + (y.back() & 1U))), x);
}
Bytes uncompressed(ByteView x, ByteView y) { return concat(Bytes(1, 4), concat(x, y)); }

TEST_CASE("An RSA JWK in either alphabet is the key that openssl made") {
  const Workshop shop;
  for (const std::string exponent : {"3", "65537"}) {
    const Bytes der = make_key(shop, kRsa1024 + " -pkeyopt rsa_keygen_pubexp:" + exponent);
    const Numbers numbers(shop);
    for (const char* alphabet : {"url", "std"}) {
      const auto key =
          PublicKey::from_rsa(numbers.get("n", alphabet), numbers.get("e", alphabet), "a JWK");
      CHECK(key.spki() == der);
      CHECK(key.rsa_modulus() == numbers.get("n"));
      CHECK(key.rsa_exponent() == numbers.get("e"));
    }
  }
}

TEST_CASE("Zeros before an RSA number change nothing") {
  const Workshop shop;
  const Bytes der = make_key(shop, kRsa1024);
  const Numbers numbers(shop);
  const auto key = PublicKey::from_rsa(concat(Bytes(3), numbers.get("n")),
                                       concat(Bytes(2), numbers.get("e")), "a JWK");
  CHECK(key.spki() == der);
  CHECK(key.rsa_modulus() == numbers.get("n"));
  CHECK(key.rsa_exponent() == numbers.get("e"));
  CHECK(key.rsa_bits() == 1024);
}

TEST_CASE("An RSA key without a modulus or an exponent is refused as public-key-invalid") {
  const Bytes one(1, 1);
  for (const Bytes& nothing : {Bytes(), Bytes(1), Bytes(256)}) {
    check_invalid([&] { static_cast<void>(PublicKey::from_rsa(nothing, one, "a JWK")); });
    check_invalid([&] { static_cast<void>(PublicKey::from_rsa(one, nothing, "a JWK")); });
  }
}

TEST_CASE("An even modulus, and an exponent that is even or 1, are refused as public-key-invalid") {
  const Bytes odd(128, 0xff);
  CHECK(PublicKey::from_rsa(odd, Bytes(1, 3), "a JWK").rsa_bits() == 1024);
  for (const auto exponent : Bytes{1, 2, 4}) {
    check_invalid(
        [&] { static_cast<void>(PublicKey::from_rsa(odd, Bytes(1, exponent), "a JWK")); });
  }
  Bytes even = odd;
  even.back() = 0xfe;
  check_invalid([&] { static_cast<void>(PublicKey::from_rsa(even, Bytes(1, 3), "a JWK")); });
}

TEST_CASE("An EC JWK in either alphabet, and either form of the point, is the key openssl made") {
  const Workshop shop;
  for (const CurveInfo& curve : curves()) {
    CAPTURE(std::string(curve.name));
    const Bytes der = make_key(shop, on_curve(curve));
    const Numbers numbers(shop);
    const Bytes x = numbers.get("x");
    const Bytes y = numbers.get("y");
    CHECK(x.size() == curve.field_bytes);
    for (const char* alphabet : {"url", "std"}) {
      CHECK(PublicKey::from_ec(curve.curve, numbers.get("x", alphabet), numbers.get("y", alphabet),
                               "a JWK")
                .spki() == der);
    }
    CHECK(PublicKey::from_ec_point(curve.curve, uncompressed(x, y), "a point").spki() == der);
    CHECK(PublicKey::from_ec_point(curve.curve, compressed(x, y), "a point").spki() == der);
    CHECK(PublicKey::from_ec_point(curve.curve, uncompressed(x, y), "a point").type() ==
          KeyType{.family = KeyFamily::kEc, .size = 0, .curve = curve.curve});
  }
}

TEST_CASE("A coordinate whose leading zeros were dropped is still the same key") {
  const Workshop shop;
  const CurveInfo& curve = curve_info(Curve::kP521);
  for (int tries = 0; tries < 200; ++tries) {  // half of all P-521 coordinates begin with 00
    const Bytes der = make_key(shop, on_curve(curve));
    const Numbers numbers(shop);
    Bytes x = numbers.get("x");
    if (x.front() != 0) continue;
    while (x.front() == 0) x.erase(x.begin());
    CHECK(PublicKey::from_ec(curve.curve, x, numbers.get("y"), "a JWK").spki() == der);
    return;
  }
  FAIL("no coordinate began with a zero");
}

TEST_CASE("EC coordinates and points that are no point of the curve are refused as invalid") {
  const Workshop shop;
  for (const CurveInfo& curve : curves()) {
    CAPTURE(std::string(curve.name));
    make_key(shop, on_curve(curve));
    const Numbers numbers(shop);
    const Bytes x = numbers.get("x");
    const Bytes y = numbers.get("y");
    const auto refused_xy = [&](ByteView a, ByteView b) {
      check_invalid([&] { static_cast<void>(PublicKey::from_ec(curve.curve, a, b, "a JWK")); });
    };
    const auto refused_point = [&](ByteView point) {
      check_invalid(
          [&] { static_cast<void>(PublicKey::from_ec_point(curve.curve, point, "a point")); });
    };
    Bytes off = y;
    off.back() ^= 1;
    refused_xy(x, off);
    refused_xy(y, x);
    refused_xy({}, {});
    refused_xy(Bytes(x.size(), 0xff), y);
    refused_xy(concat(Bytes(1), x), y);  // one byte longer than the field
    refused_xy(x, concat(Bytes(1), y));
    refused_point({});
    refused_point(Bytes(1));  // the point at infinity
    refused_point(x);
    refused_point(concat(uncompressed(x, y), Bytes(1)));
    refused_point(ByteView(uncompressed(x, y)).first(2 * x.size()));
    refused_point(concat(Bytes(1, 5), concat(x, y)));
    // The hybrid form of X9.62, which RFC 5480 section 2.2 forbids.
    refused_point(concat(Bytes(1, static_cast<std::uint8_t>(6 + (y.back() & 1U))), concat(x, y)));
  }
}

TEST_CASE("A point of one curve is refused for another of the same size") {
  const Workshop shop;
  make_key(shop, kP256);
  const Numbers numbers(shop);
  check_invalid([&] {
    static_cast<void>(
        PublicKey::from_ec(Curve::kSecp256k1, numbers.get("x"), numbers.get("y"), "a JWK"));
  });
}

TEST_CASE("A raw Ed25519 key is the key openssl made, 31 or 33 bytes are refused") {
  const Workshop shop;
  const Bytes der = make_key(shop, "-algorithm ED25519");
  const Bytes raw = Numbers(shop).get("x");
  const auto key = PublicKey::from_ed25519(raw, "a point");
  CHECK(key.spki() == der);
  CHECK(key.type().name() == "ed25519");
  CHECK(key.rsa_bits() == 0);
  for (const Bytes& wrong : {Bytes(), Bytes(31), concat(raw, Bytes(1))}) {
    check_invalid([&] { static_cast<void>(PublicKey::from_ed25519(wrong, "a point")); });
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
