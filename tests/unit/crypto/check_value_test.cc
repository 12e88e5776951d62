#include "crypto/check_value.h"

#include <doctest/doctest.h>

#include "crypto/aes.h"
#include "crypto/digest.h"
#include "support/command.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::BlockCipher;

// The key of the published check values: 00 01 ... 1f.
const Bytes kKey = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

BlockCipher aes(const Bytes& key) {
  return [key](ByteView block) { return crypto::aes_ecb_encrypt(key, block); };
}

Bytes key_of(std::size_t size, std::uint8_t seed) {
  Bytes key(size);
  for (std::size_t i = 0; i < size; ++i) key[i] = static_cast<std::uint8_t>(seed + 37 * i);
  return key;
}

crypto::PublicKey public_key(const Workshop& shop, const std::string& options) {
  return crypto::PublicKey::from_spki(
      shop.must("openssl genpkey " + options +
                " -out key.pem 2>/dev/null && openssl pkey -in key.pem -pubout -outform DER"
                " | tee spki.der"),
      "a key");
}

TEST_CASE("AES check values of the key 00 01 to 1f are the published ones") {
  const auto kcv = crypto::aes_ecb_zero(aes(kKey));
  CHECK(kcv.alg == "aes-ecb-zero");
  CHECK(kcv.value == "f29000");
  const auto cmac = crypto::aes_cmac_zero(aes(kKey));
  CHECK(cmac.alg == "aes-cmac-zero");
  CHECK(cmac.value.size() == 10);
  CHECK_FALSE(kcv == cmac);
}

TEST_CASE("AES check values are what openssl's enc and mac compute, with either first bit of L") {
  const Workshop shop;
  shop.put("zeros", Bytes(16));
  bool high = false;
  bool low = false;
  for (const std::size_t size : {16U, 24U, 32U}) {
    for (std::uint8_t seed = 0; seed < 8; ++seed) {
      const Bytes key = key_of(size, seed);
      const std::string bits = std::to_string(8 * size);
      const Bytes block =
          shop.must("openssl enc -e -nopad -in zeros -aes-" + bits + "-ecb -K " + to_hex(key));
      (block[0] >= 0x80 ? high : low) = true;
      CHECK(crypto::aes_ecb_zero(aes(key)).value == to_hex(block).substr(0, 6));
      const Bytes mac = shop.must("openssl mac -cipher AES-" + bits +
                                  "-CBC -macopt hexkey:" + to_hex(key) + " -in zeros -binary CMAC");
      CHECK(crypto::aes_cmac_zero(aes(key)).value == to_hex(mac).substr(0, 10));
    }
  }
  CHECK(high);
  CHECK(low);
}

TEST_CASE("A block cipher that answers another length than a block has no check value") {
  for (const std::size_t size : {0U, 1U, 3U, 15U, 17U, 32U}) {
    CAPTURE(size);
    const BlockCipher liar = [size](ByteView) { return Bytes(size); };
    check_refused(Kind::kInternal, "aes-block-answer",
                  [&] { static_cast<void>(crypto::aes_ecb_zero(liar)); });
    check_refused(Kind::kInternal, "aes-block-answer",
                  [&] { static_cast<void>(crypto::aes_cmac_zero(liar)); });
  }
}

TEST_CASE("The check value of a generic secret is the start of openssl's HMAC of 16 zeros") {
  const Workshop shop;
  shop.put("zeros", Bytes(16));
  struct Row {
    std::string_view alg{};
    crypto::Digest digest{};
    std::string name{};
  };
  const std::vector<Row> rows{{crypto::kHmacSha1Zero, crypto::Digest::kSha1, "SHA1"},
                              {crypto::kHmacSha224Zero, crypto::Digest::kSha224, "SHA224"},
                              {crypto::kHmacSha256Zero, crypto::Digest::kSha256, "SHA256"}};
  for (const Row& row : rows) {
    const auto value = crypto::hmac_zero(row.alg, crypto::hmac(row.digest, kKey, Bytes(16)));
    CHECK(value.alg == row.alg);
    CHECK(value.value == to_hex(shop.must("openssl mac -digest " + row.name + " -macopt hexkey:" +
                                          to_hex(kKey) + " -in zeros -binary HMAC"))
                             .substr(0, 6));
  }
  CHECK(rows[0].alg == "hmac-sha1-zero");
  CHECK(rows[1].alg == "hmac-sha224-zero");
  CHECK(rows[2].alg == "hmac-sha256-zero");
}

TEST_CASE("A MAC too short for a check value is refused as check-value-size") {
  check_refused(Kind::kInternal, "check-value-size",
                [] { static_cast<void>(crypto::hmac_zero(crypto::kHmacSha256Zero, Bytes(2))); });
}

TEST_CASE("Check values of public keys are SHA-1 and SHA-256 of the SPKI as the sum programs say") {
  const Workshop shop;
  for (const std::string options :
       {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "-algorithm ED25519"}) {
    CAPTURE(options);
    const auto key = public_key(shop, options);
    const auto sha1 = crypto::sha1_spki(key);
    CHECK(sha1.alg == "sha1-spki");
    CHECK(sha1.value == as_text(shop.must("sha1sum spki.der")).substr(0, 6));
    const auto sha256 = crypto::sha256_spki(key);
    CHECK(sha256.alg == "sha256-spki");
    CHECK(sha256.value == as_text(shop.must("sha256sum spki.der")).substr(0, 64));
  }
}

TEST_CASE("Check values are equal only when algorithm and value are") {
  const crypto::CheckValue one{.alg = "aes-ecb-zero", .value = "f29000"};
  CHECK(one == crypto::CheckValue{.alg = "aes-ecb-zero", .value = "f29000"});
  CHECK_FALSE(one == crypto::CheckValue{.alg = "aes-cmac-zero", .value = "f29000"});
  CHECK_FALSE(one == crypto::CheckValue{.alg = "aes-ecb-zero", .value = "f29001"});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
