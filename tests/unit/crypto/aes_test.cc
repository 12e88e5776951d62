#include "crypto/aes.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("AES in ECB and CBC gives the bytes that openssl's program gives, for every key size") {
  const Workshop shop;
  const Bytes iv = from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  for (const std::size_t key_size : {16U, 24U, 32U}) {
    const Bytes key(key_size, 0x6b);
    const std::string bits = std::to_string(8 * key_size);
    for (const std::size_t size : {0U, 16U, 32U, 80U}) {
      CAPTURE(key_size);
      CAPTURE(size);
      Bytes blocks(size);
      for (std::size_t i = 0; i < size; ++i) blocks[i] = static_cast<std::uint8_t>(i);
      shop.put("blocks", blocks);
      const std::string tail = " -nopad -in blocks -K " + to_hex(key);
      CHECK(crypto::aes_ecb_encrypt(key, blocks) ==
            shop.must("openssl enc -e -aes-" + bits + "-ecb" + tail));
      CHECK(crypto::aes_cbc_encrypt(key, iv, blocks) ==
            shop.must("openssl enc -e -aes-" + bits + "-cbc" + tail + " -iv " + to_hex(iv)));
    }
  }
}

TEST_CASE("AES keys of another size are refused as aes-key-size") {
  for (const std::size_t size : {0U, 8U, 15U, 17U, 31U, 33U, 64U}) {
    CAPTURE(size);
    const Bytes key(size);
    check_refused(Kind::kInternal, "aes-key-size",
                  [&] { static_cast<void>(crypto::aes_ecb_encrypt(key, Bytes(16))); });
    check_refused(Kind::kInternal, "aes-key-size",
                  [&] { static_cast<void>(crypto::aes_cbc_encrypt(key, Bytes(16), Bytes(16))); });
  }
}

TEST_CASE("Broken blocks, and IVs that are not a block, are refused as aes-block-size") {
  const Bytes key(32);
  for (const std::size_t size : {1U, 15U, 17U, 31U}) {
    CAPTURE(size);
    const Bytes odd(size);
    check_refused(Kind::kInternal, "aes-block-size",
                  [&] { static_cast<void>(crypto::aes_ecb_encrypt(key, odd)); });
    check_refused(Kind::kInternal, "aes-block-size",
                  [&] { static_cast<void>(crypto::aes_cbc_encrypt(key, Bytes(16), odd)); });
    check_refused(Kind::kInternal, "aes-block-size",
                  [&] { static_cast<void>(crypto::aes_cbc_encrypt(key, odd, Bytes(16))); });
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
