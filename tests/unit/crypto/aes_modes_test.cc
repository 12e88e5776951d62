#include "crypto/aes_modes.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <memory>

#include "base/error.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::ctr_encrypt_with;
using crypto::EncryptBlocks;
using crypto::gcm_encrypt_with;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// OpenSSL's AES-256 in ECB, in place of a token.
EncryptBlocks openssl_blocks(const Bytes& key) {
  return [key](ByteView blocks) {
    const Context context(EVP_CIPHER_CTX_new());
    REQUIRE(EVP_EncryptInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, key.data(), nullptr) ==
            1);
    REQUIRE(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
    Bytes answer(blocks.size() + 16);
    int size = 0;
    REQUIRE(EVP_EncryptUpdate(context.get(), answer.data(), &size, blocks.data(),
                              static_cast<int>(blocks.size())) == 1);
    answer.resize(static_cast<std::size_t>(size));
    return answer;
  };
}

Bytes openssl_gcm(const Bytes& key, const Bytes& iv, const Bytes& input, const Bytes& aad) {
  const Context context(EVP_CIPHER_CTX_new());
  int size = 0;
  REQUIRE(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), iv.data()) ==
          1);
  if (!aad.empty()) {
    REQUIRE(EVP_EncryptUpdate(context.get(), nullptr, &size, aad.data(),
                              static_cast<int>(aad.size())) == 1);
  }
  Bytes output(input.size() + 16);
  size = 0;
  if (!input.empty()) {
    REQUIRE(EVP_EncryptUpdate(context.get(), output.data(), &size, input.data(),
                              static_cast<int>(input.size())) == 1);
  }
  int rest = 0;
  REQUIRE(EVP_EncryptFinal_ex(context.get(), output.data() + size, &rest) == 1);
  REQUIRE(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, 16,
                              output.data() + input.size()) == 1);
  return output;
}

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kInternal);
    return error.code();
  }
  return "nothing thrown";
}

const Bytes kKey = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

TEST_CASE("AES-256 CTR gives the vector of SP 800-38A F.5.5, also cut short") {
  const Bytes counter = from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  const Bytes input = from_hex(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
  const std::string wanted =
      "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
      "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6";
  CHECK(to_hex(ctr_encrypt_with(openssl_blocks(kKey), counter, input)) == wanted);
  CHECK(to_hex(ctr_encrypt_with(openssl_blocks(kKey), counter, ByteView(input).first(21))) ==
        wanted.substr(0, 42));
}

TEST_CASE("The CTR counter carries through all 128 bits") {
  const EncryptBlocks echo = [](ByteView blocks) { return Bytes(blocks.begin(), blocks.end()); };
  const Bytes stream = ctr_encrypt_with(echo, Bytes(16, 0xff), Bytes(32, 0));
  CHECK(to_hex(stream) == std::string(32, 'f') + std::string(32, '0'));
}

TEST_CASE("AES-256 GCM gives test cases 13 to 16 of the GCM specification") {
  const Bytes zero_key(32, 0);
  const Bytes zero_iv(12, 0);
  CHECK(to_hex(gcm_encrypt_with(openssl_blocks(zero_key), zero_iv, {})) ==
        "530f8afbc74536b9a963b4f1c4cb738b");
  CHECK(to_hex(gcm_encrypt_with(openssl_blocks(zero_key), zero_iv, Bytes(16, 0))) ==
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes iv = from_hex("cafebabefacedbaddecaf888");
  const Bytes input = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
  const std::string ciphertext =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
  CHECK(to_hex(gcm_encrypt_with(openssl_blocks(key), iv, input)) ==
        ciphertext + "b094dac5d93471bdec1a502270e3cc6c");
  const Bytes aad = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  CHECK(to_hex(gcm_encrypt_with(openssl_blocks(key), iv, ByteView(input).first(60), aad)) ==
        ciphertext.substr(0, 120) + "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST_CASE("GCM agrees with OpenSSL for every length up to five blocks") {
  for (std::size_t size = 0; size <= 80; ++size) {
    const Bytes input(size, static_cast<std::uint8_t>(size));
    const Bytes aad(size % 37, 0x5a);
    const Bytes iv(12, static_cast<std::uint8_t>(size + 1));
    CHECK(gcm_encrypt_with(openssl_blocks(kKey), iv, input, aad) ==
          openssl_gcm(kKey, iv, input, aad));
  }
}

TEST_CASE("IVs of another size, and a token that answers another length, are refused") {
  CHECK(code_of([] {
          static_cast<void>(ctr_encrypt_with(openssl_blocks(kKey), Bytes(12), Bytes(16)));
        }) == "aes-iv-size");
  CHECK(code_of([] {
          static_cast<void>(gcm_encrypt_with(openssl_blocks(kKey), Bytes(16), Bytes(16)));
        }) == "aes-iv-size");
  const EncryptBlocks shorter = [](ByteView) { return Bytes(1); };
  CHECK(code_of([&] { static_cast<void>(ctr_encrypt_with(shorter, Bytes(16), Bytes(16))); }) ==
        "aes-block-answer");
  CHECK(code_of([&] { static_cast<void>(gcm_encrypt_with(shorter, Bytes(12), Bytes(16))); }) ==
        "aes-block-answer");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
