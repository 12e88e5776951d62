#include "crypto/throwaway_rsa.h"

#include <doctest/doctest.h>

#include <array>
#include <type_traits>

#include "crypto/rsa_oaep.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::ThrowawayRsa;

constexpr std::array kSizes{2048U, 3072U, 4096U};

std::string openssl_name(Hash hash) { return hash == Hash::kSha1 ? "sha1" : "sha256"; }

Bytes encrypted_by_openssl(const Workshop& shop, const ThrowawayRsa& rsa, Hash hash, Hash mgf1,
                           ByteView message) {
  shop.put("public.pem", as_bytes(rsa.public_key().pem()));
  shop.put("message", message);
  return shop.must(
      "openssl pkeyutl -encrypt -pubin -inkey public.pem -in message"
      " -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:" +
      openssl_name(hash) + " -pkeyopt rsa_mgf1_md:" + openssl_name(mgf1));
}

static_assert(!std::is_copy_constructible_v<ThrowawayRsa>);
static_assert(!std::is_copy_assignable_v<ThrowawayRsa>);
static_assert(std::is_nothrow_move_constructible_v<ThrowawayRsa>);
static_assert(std::is_nothrow_move_assignable_v<ThrowawayRsa>);

TEST_CASE("A throw-away modulus has exactly the bits asked for, and e = 65537, says openssl") {
  const Workshop shop;
  for (const unsigned bits : kSizes) {
    CAPTURE(bits);
    for (int i = 0; i < 8; ++i) {
      const auto rsa = ThrowawayRsa::make(bits);
      CHECK(rsa.public_key().rsa_bits() == bits);
      shop.put("public.pem", as_bytes(rsa.public_key().pem()));
      const std::string text =
          as_text(shop.must("openssl rsa -pubin -in public.pem -noout -text -modulus"));
      CHECK(text.find("Public-Key: (" + std::to_string(bits) + " bit)") != std::string::npos);
      CHECK(text.find("Exponent: 65537 (0x10001)") != std::string::npos);
      // The modulus as hex: no digit missing, and the first bit set.
      const std::string modulus = text.substr(text.find("Modulus=") + 8);
      CHECK(modulus.size() == bits / 4 + 1);
      CHECK(std::string("89ABCDEF").find(modulus.front()) != std::string::npos);
    }
  }
}

TEST_CASE("Other multiples of 128 bits come out exactly too") {
  for (unsigned bits = 1024; bits <= 2304; bits += 128) {
    CAPTURE(bits);
    const auto rsa = ThrowawayRsa::make(bits);
    CHECK(rsa.public_key().rsa_bits() == bits);
    const Bytes block = crypto::oaep_encrypt(rsa.public_key(), Hash::kSha1, Bytes(16, 0x33));
    CHECK(rsa.oaep_decrypt(Hash::kSha1, Hash::kSha1, block) == Bytes(16, 0x33));
  }
}

TEST_CASE("What openssl encrypts under a throw-away key opens, with its pair of hashes only") {
  const Workshop shop;
  constexpr std::array kHashes{Hash::kSha1, Hash::kSha256};
  const Bytes message =
      from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  for (const unsigned bits : kSizes) {
    CAPTURE(bits);
    const auto rsa = ThrowawayRsa::make(bits);
    for (const Hash hash : kHashes) {
      for (const Hash mgf1 : kHashes) {
        const Bytes block = encrypted_by_openssl(shop, rsa, hash, mgf1, message);
        CHECK(block.size() == bits / 8);
        for (const Hash try_hash : kHashes) {
          for (const Hash try_mgf1 : kHashes) {
            const auto opened = rsa.oaep_decrypt(try_hash, try_mgf1, block);
            const bool same = try_hash == hash && try_mgf1 == mgf1;
            CHECK(opened.has_value() == same);
            if (same) CHECK(opened == message);
          }
        }
      }
    }
  }
}

TEST_CASE("The shortest and the longest message open under a throw-away key") {
  const Workshop shop;
  for (const unsigned bits : kSizes) {
    CAPTURE(bits);
    const auto rsa = ThrowawayRsa::make(bits);
    for (const Hash hash : {Hash::kSha1, Hash::kSha256}) {
      const Bytes longest(crypto::oaep_capacity(bits, hash), 0xff);
      const Bytes block = encrypted_by_openssl(shop, rsa, hash, hash, longest);
      CHECK(rsa.oaep_decrypt(hash, hash, block) == longest);
      const Bytes empty = crypto::oaep_encrypt(rsa.public_key(), hash, {});
      CHECK(rsa.oaep_decrypt(hash, hash, empty) == Bytes());
    }
  }
}

TEST_CASE("A block that is changed, cut, lengthened or for another key does not open") {
  const auto rsa = ThrowawayRsa::make(2048);
  const auto other = ThrowawayRsa::make(2048);
  const Bytes block = crypto::oaep_encrypt(rsa.public_key(), Hash::kSha256, Bytes(32, 7));
  const auto opens = [&](ByteView content) {
    return rsa.oaep_decrypt(Hash::kSha256, Hash::kSha256, content).has_value();
  };
  REQUIRE(opens(block));
  CHECK_FALSE(other.oaep_decrypt(Hash::kSha256, Hash::kSha256, block));
  for (std::size_t i = 0; i < block.size(); i += 15) {
    CAPTURE(i);
    Bytes changed = block;
    changed[i] ^= 1;
    CHECK_FALSE(opens(changed));
    CHECK_FALSE(opens(ByteView(block).first(i)));
  }
  CHECK_FALSE(opens(ByteView(block).first(255)));
  CHECK_FALSE(opens(concat(block, Bytes(1))));
  CHECK_FALSE(opens(concat(Bytes(1), block)));
  CHECK_FALSE(opens(Bytes(256, 0xff)));
  CHECK_FALSE(opens(rsa.public_key().rsa_modulus()));
  CHECK_FALSE(opens(Bytes(256)));
}

TEST_CASE("A throw-away key still works after it was moved, and no two are alike") {
  auto first = ThrowawayRsa::make(2048);
  const crypto::PublicKey key = first.public_key();
  const Bytes block = crypto::oaep_encrypt(key, Hash::kSha1, Bytes(20, 9));
  auto second = ThrowawayRsa::make(2048);
  CHECK_FALSE(second.public_key() == key);
  second = std::move(first);
  CHECK(second.public_key() == key);
  const ThrowawayRsa third = std::move(second);
  CHECK(third.oaep_decrypt(Hash::kSha1, Hash::kSha1, block) == Bytes(20, 9));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
