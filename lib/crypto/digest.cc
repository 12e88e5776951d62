#include "crypto/digest.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/file.h"
#include "crypto/internal/openssl.h"
#include "crypto/sha256.h"

namespace keyrite::crypto {

namespace {

struct Row {
  Digest digest{};
  MdPtr evp{};  // found once: OpenSSL's own names for them are searched for at each use
  std::size_t bytes{};
};

const Row& row_of(Digest digest) {
  const auto fetched = [](const char* name) {
    MdPtr md(EVP_MD_fetch(nullptr, name, nullptr));
    if (!md) openssl_failed(name);
    return md;
  };
  static const std::array<Row, 5> rows{{
      {Digest::kSha1, fetched("SHA1"), 20},
      {Digest::kSha224, fetched("SHA224"), 28},
      {Digest::kSha256, fetched("SHA256"), 32},
      {Digest::kSha384, fetched("SHA384"), 48},
      {Digest::kSha512, fetched("SHA512"), 64},
  }};
  return *std::find_if(rows.begin(), rows.end(),
                       [&](const Row& row) { return row.digest == digest; });
}

}  // namespace

const EVP_MD* evp_digest(Digest digest) { return row_of(digest).evp.get(); }
std::size_t digest_bytes(Digest digest) { return row_of(digest).bytes; }

Bytes digest(Digest which, ByteView content) {
  Bytes result(digest_bytes(which));
  require_openssl(EVP_Digest(content.data(), content.size(), result.data(), nullptr,
                             evp_digest(which), nullptr),
                  "a digest");
  return result;
}

Bytes sha1(ByteView content) { return digest(Digest::kSha1, content); }
Bytes sha256(ByteView content) {
  // A context costs more than a short text. What failed half-way is not gone on with.
  thread_local std::unique_ptr<Sha256> kept;
  auto hash = kept ? std::move(kept) : std::make_unique<Sha256>();
  hash->update(content);
  const auto result = hash->finish();
  kept = std::move(hash);
  return {result.begin(), result.end()};
}
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
