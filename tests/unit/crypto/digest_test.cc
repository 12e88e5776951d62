#include "crypto/digest.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include "support/command.h"
#include "unit/crypto/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using crypto::Digest;

struct Row {
  Digest digest{};
  std::string name{};     // openssl's
  std::string program{};  // coreutils'
  std::size_t bytes{};
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {Digest::kSha1, "SHA1", "sha1sum", 20},       {Digest::kSha224, "SHA224", "sha224sum", 28},
      {Digest::kSha256, "SHA256", "sha256sum", 32}, {Digest::kSha384, "SHA384", "sha384sum", 48},
      {Digest::kSha512, "SHA512", "sha512sum", 64},
  };
  return table;
}

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  return bytes;
}

// The hex that a *sum program prints before the file's name.
std::string sum(const Workshop& shop, const std::string& program, std::size_t bytes) {
  return as_text(shop.must(program + " content")).substr(0, 2 * bytes);
}

TEST_CASE("Digests are those that coreutils computes") {
  const Workshop shop;
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    CHECK(crypto::digest_bytes(row.digest) == row.bytes);
    CHECK(std::string(EVP_MD_get0_name(crypto::evp_digest(row.digest))).find(row.name.substr(3)) !=
          std::string::npos);
    for (const std::size_t size : {0U, 1U, 55U, 56U, 64U, 111U, 112U, 128U, 1000U}) {
      CAPTURE(size);
      const Bytes content = counting(size);
      shop.put("content", content);
      CHECK(to_hex(crypto::digest(row.digest, content)) == sum(shop, row.program, row.bytes));
    }
  }
}

TEST_CASE("The short names give SHA-1 and SHA-256 of FIPS 180-4's abc") {
  const ByteView abc = as_bytes("abc");
  CHECK(to_hex(crypto::sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(to_hex(crypto::sha256(abc)) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(crypto::sha256_hex(abc) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Files of any size have the SHA-256 that sha256sum prints") {
  const Workshop shop;
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 300'000U}) {
    CAPTURE(size);
    const auto path = shop.put("content", counting(size));
    CHECK(crypto::sha256_file_hex(path.string()) == sum(shop, "sha256sum", 32));
  }
}

TEST_CASE("A file that is absent, or a folder, has no digest") {
  const Workshop shop;
  check_refused(Kind::kConfig, "file-unreadable", [&] {
    static_cast<void>(crypto::sha256_file_hex((shop.folder() / "absent").string()));
  });
  check_refused(Kind::kConfig, "not-a-file",
                [&] { static_cast<void>(crypto::sha256_file_hex(shop.folder().string())); });
  shop.must("mkfifo pipe");
  check_refused(Kind::kConfig, "not-a-file", [&] {
    static_cast<void>(crypto::sha256_file_hex((shop.folder() / "pipe").string()));
  });
}

TEST_CASE("A file whose reading fails has no digest: file-unreadable") {
  // The kernel opens it, and fails each read of the unmapped first page.
  check_refused(Kind::kConfig, "file-unreadable",
                [] { static_cast<void>(crypto::sha256_file_hex("/proc/self/mem")); });
}

TEST_CASE("HMAC gives test case 2 of RFC 4231, and what openssl computes for any key") {
  const ByteView jefe = as_bytes("Jefe");
  const ByteView question = as_bytes("what do ya want for nothing?");
  CHECK(to_hex(crypto::hmac(Digest::kSha224, jefe, question)) ==
        "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44");
  CHECK(to_hex(crypto::hmac(Digest::kSha256, jefe, question)) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const Workshop shop;
  for (const Row& row : rows()) {
    for (const std::size_t key_size : {1U, 20U, 64U, 65U, 128U, 129U, 200U}) {
      CAPTURE(row.name);
      CAPTURE(key_size);
      const Bytes key(key_size, 0xaa);
      const Bytes message = counting(99);
      shop.put("message", message);
      CHECK(crypto::hmac(row.digest, key, message) ==
            shop.must("openssl mac -digest " + row.name + " -macopt hexkey:" + to_hex(key) +
                      " -in message -binary HMAC"));
    }
  }
}

TEST_CASE("HMAC takes an empty key and an empty message") {
  // python3 -c 'import hmac; print(hmac.new(b"", b"", "sha256").hexdigest())'
  CHECK(to_hex(crypto::hmac(Digest::kSha256, {}, {})) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
