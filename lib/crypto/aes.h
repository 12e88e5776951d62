// AES on the host, with throw-away keys only: for comparing what a token did. Over OpenSSL. Pure,
// any thread.
#pragma once

#include "base/bytes.h"

namespace keyrite::crypto {

// FIPS 197 section 3.4.
inline constexpr std::size_t kAesBlockBytes = 16;

// `key` 16, 24 or 32 bytes, whole blocks of 16, no padding. Error kInternal "aes-key-size",
// "aes-block-size".
[[nodiscard]] Bytes aes_ecb_encrypt(ByteView key, ByteView blocks);
[[nodiscard]] Bytes aes_cbc_encrypt(ByteView key, ByteView iv16, ByteView blocks);

}  // namespace keyrite::crypto
