#include "crypto/aes_kwp.h"

#include <doctest/doctest.h>

#include "crypto/aes.h"
#include "support/command.h"
#include "support/key_wrap.h"
#include "unit/crypto/refusal.h"
#include "unit/crypto/wycheproof.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Count {
  std::size_t valid{};
  std::size_t acceptable{};
  std::size_t invalid{};
};

const Bytes kKek = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

TEST_CASE("RFC 5649: all 254 Wycheproof vectors, 177 of them refused") {
  const auto groups = wycheproof("aes_kwp_test.json");
  if (!groups) return;
  Count count;
  for (const VectorGroup& group : *groups) {
    for (const Vector& vector : group.vectors) {
      CAPTURE(vector.number);
      const Bytes kek = vector.bytes("key");
      const Bytes wrapped = vector.bytes("ct");
      const auto opened = crypto::kwp_unwrap(kek, wrapped);
      if (vector.verdict == Verdict::kInvalid) {
        ++count.invalid;
        CHECK_FALSE(opened);
        continue;
      }
      REQUIRE(vector.verdict == Verdict::kValid);
      ++count.valid;
      CHECK(opened == vector.bytes("msg"));
      CHECK(crypto::kwp_wrap(kek, vector.bytes("msg")) == wrapped);
    }
  }
  CHECK(count.valid == 77);
  CHECK(count.invalid == 177);
}

TEST_CASE("RFC 3394: all 165 Wycheproof vectors, also over a block cipher elsewhere") {
  const auto groups = wycheproof("aes_wrap_test.json");
  if (!groups) return;
  Count count;
  for (const VectorGroup& group : *groups) {
    for (const Vector& vector : group.vectors) {
      CAPTURE(vector.number);
      const Bytes kek = vector.bytes("key");
      const Bytes message = vector.bytes("msg");
      const Bytes wrapped = vector.bytes("ct");
      const auto opened = crypto::kw_unwrap(kek, wrapped);
      if (vector.verdict != Verdict::kValid) {
        // "Acceptable" is one semiblock, which section 2 of the RFC does not provide for.
        ++(vector.verdict == Verdict::kInvalid ? count.invalid : count.acceptable);
        CHECK_FALSE(opened);
        continue;
      }
      ++count.valid;
      CHECK(opened == message);
      CHECK(crypto::kw_wrap(kek, message) == wrapped);
      CHECK(crypto::kw_wrap_with(
                [&](ByteView block) { return crypto::aes_ecb_encrypt(kek, block); }, message) ==
            wrapped);
    }
  }
  CHECK(count.valid == 36);
  CHECK(count.acceptable == 3);
  CHECK(count.invalid == 126);
}

TEST_CASE(
    "KWP has the length that RFC 5649 says, and python3's cryptography makes the same bytes") {
  const Workshop shop;
  for (const std::size_t size : {1U, 7U, 8U, 9U, 16U, 20U, 32U, 1217U, 2375U}) {
    CAPTURE(size);
    const Bytes plaintext(size, 0x5a);
    const Bytes wrapped = crypto::kwp_wrap(kKek, plaintext);
    CHECK(wrapped.size() == 8 * ((size + 7) / 8) + 8);
    shop.put("plain", plaintext);
    CHECK(wrapped == shop.must(kwp_wrap_line(to_hex(kKek)) + " < plain"));
    CHECK(crypto::kwp_unwrap(kKek, wrapped) == plaintext);
  }
}

TEST_CASE("The two key wraps do not open each other, nor under another KEK") {
  const Bytes plaintext(32, 0x11);
  Bytes other = kKek;
  other[31] ^= 1;
  CHECK_FALSE(crypto::kw_unwrap(kKek, crypto::kwp_wrap(kKek, plaintext)));
  CHECK_FALSE(crypto::kwp_unwrap(kKek, crypto::kw_wrap(kKek, plaintext)));
  CHECK_FALSE(crypto::kwp_unwrap(other, crypto::kwp_wrap(kKek, plaintext)));
  CHECK_FALSE(crypto::kw_unwrap(other, crypto::kw_wrap(kKek, plaintext)));
}

TEST_CASE("A wrap cut or lengthened by any number of bytes does not open") {
  const Bytes plaintext(32, 0x11);
  const Bytes padded = crypto::kwp_wrap(kKek, plaintext);
  const Bytes plain = crypto::kw_wrap(kKek, plaintext);
  for (std::size_t size = 0; size < padded.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(crypto::kwp_unwrap(kKek, ByteView(padded).first(size)));
    CHECK_FALSE(crypto::kw_unwrap(kKek, ByteView(plain).first(size)));
  }
  for (std::size_t size = 1; size <= 16; ++size) {
    CAPTURE(size);
    CHECK_FALSE(crypto::kwp_unwrap(kKek, concat(padded, Bytes(size))));
    CHECK_FALSE(crypto::kw_unwrap(kKek, concat(plain, Bytes(size))));
  }
}

TEST_CASE("Sizes that a key wrap does not take are refused as key-wrap-size") {
  const auto refused = [](const std::function<void()>& call) {
    check_refused(Kind::kInternal, "key-wrap-size", call);
  };
  refused([] { static_cast<void>(crypto::kwp_wrap(kKek, {})); });
  const std::function<Bytes(ByteView)> echo = [](ByteView block) {
    return Bytes(block.begin(), block.end());
  };
  for (const std::size_t size : {0U, 8U, 15U, 17U, 31U}) {
    CAPTURE(size);
    const Bytes plaintext(size);
    refused([&] { static_cast<void>(crypto::kw_wrap(kKek, plaintext)); });
    refused([&] { static_cast<void>(crypto::kw_wrap_with(echo, plaintext)); });
  }
  for (const std::size_t size : {0U, 8U, 15U, 33U, 64U}) {
    CAPTURE(size);
    const Bytes kek(size);
    refused([&] { static_cast<void>(crypto::kwp_wrap(kek, Bytes(16))); });
    refused([&] { static_cast<void>(crypto::kwp_unwrap(kek, Bytes(24))); });
    refused([&] { static_cast<void>(crypto::kw_wrap(kek, Bytes(16))); });
    refused([&] { static_cast<void>(crypto::kw_unwrap(kek, Bytes(24))); });
  }
}

TEST_CASE("A block cipher that answers another length than a block is refused") {
  for (const std::size_t size : {0U, 8U, 15U, 17U, 32U}) {
    CAPTURE(size);
    check_refused(Kind::kInternal, "aes-block-answer", [&] {
      static_cast<void>(crypto::kw_wrap_with([&](ByteView) { return Bytes(size); }, Bytes(32)));
    });
  }
}

TEST_CASE("A256KW of 32 zero bytes is what Azure answers to the same challenge") {
  CHECK(to_hex(crypto::kw_wrap(kKek, Bytes(32))) ==
        "565848c0dcb68935f6ea0cdea9342dc7cc1ed00c14db88f72ce085b83ad88d9adbca504912312245");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
