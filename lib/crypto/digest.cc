#include "crypto/digest.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/file.h"
#include "crypto/internal/openssl.h"
#include "crypto/sha256.h"

namespace keyrite::crypto {

namespace {

struct Row {
  Digest digest{};
  const EVP_MD* (*evp)(){};
  std::size_t bytes{};
};
constexpr std::array<Row, 5> kRows{{
    {Digest::kSha1, EVP_sha1, 20},
    {Digest::kSha224, EVP_sha224, 28},
    {Digest::kSha256, EVP_sha256, 32},
    {Digest::kSha384, EVP_sha384, 48},
    {Digest::kSha512, EVP_sha512, 64},
}};

const Row& row_of(Digest digest) {
  return *std::find_if(kRows.begin(), kRows.end(),
                       [&](const Row& row) { return row.digest == digest; });
}

}  // namespace

const EVP_MD* evp_digest(Digest digest) { return row_of(digest).evp(); }
std::size_t digest_bytes(Digest digest) { return row_of(digest).bytes; }

Bytes digest(Digest which, ByteView content) {
  Bytes result(digest_bytes(which));
  require_openssl(EVP_Digest(content.data(), content.size(), result.data(), nullptr,
                             evp_digest(which), nullptr),
                  "a digest");
  return result;
}

Bytes sha1(ByteView content) { return digest(Digest::kSha1, content); }
Bytes sha256(ByteView content) { return digest(Digest::kSha256, content); }
std::string sha256_hex(ByteView content) { return to_hex(sha256(content)); }

Bytes sha256_digest_info(ByteView hash) {
  static const Bytes prefix = from_hex("3031300d060960864801650304020105000420");
  return concat(prefix, hash);
}

std::string sha256_file_hex(const std::string& path) {
  FilePieces pieces(path);
  Sha256 hash;
  for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) hash.update(piece);
  return to_hex(hash.finish());
}

Bytes hmac(Digest which, ByteView key, ByteView message) {
  Bytes result(digest_bytes(which));
  unsigned length = 0;
  // To OpenSSL a null key is no key at all, even of length 0.
  const std::uint8_t* key_data = key.empty() ? result.data() : key.data();
  if (HMAC(evp_digest(which), key_data, static_cast<int>(key.size()), message.data(),
           message.size(), result.data(), &length) == nullptr) {
    openssl_failed("an HMAC");
  }
  return result;
}

}  // namespace keyrite::crypto
