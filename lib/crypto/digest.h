// Hashes and HMAC of bytes that are not secret (or of throw-away keys), over OpenSSL. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

struct evp_md_st;  // EVP_MD

namespace keyrite::crypto {

enum class Digest { kSha1, kSha224, kSha256, kSha384, kSha512 };

[[nodiscard]] const evp_md_st* evp_digest(Digest digest);
[[nodiscard]] std::size_t digest_bytes(Digest digest);

// FIPS 180-4. Error kInternal "openssl".
[[nodiscard]] Bytes digest(Digest which, ByteView content);
[[nodiscard]] Bytes sha1(ByteView content);
[[nodiscard]] Bytes sha256(ByteView content);
// Lower-case hex.
[[nodiscard]] std::string sha256_hex(ByteView content);
// DigestInfo of a SHA-256 digest (RFC 8017 section 9.2, note 1): what raw PKCS #1 v1.5 signs.
[[nodiscard]] Bytes sha256_digest_info(ByteView hash);
// Of a file of any size, in pieces. Errors kConfig "file-unreadable", "not-a-file".
[[nodiscard]] std::string sha256_file_hex(const std::string& path);
// RFC 2104, full length.
[[nodiscard]] Bytes hmac(Digest which, ByteView key, ByteView message);

}  // namespace keyrite::crypto
