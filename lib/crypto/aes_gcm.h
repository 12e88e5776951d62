// AES-GCM on the host, with throw-away keys only: for comparing what a token did. Over OpenSSL.
// Pure, any thread.
#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace keyrite::crypto {

inline constexpr std::size_t kGcmIvBytes = 12;
inline constexpr std::size_t kGcmTagBytes = 16;

// Ciphertext, then the tag of 128 bits (SP 800-38D section 7.1). `key` of 32 bytes, `iv` of 12.
// Error kInternal "aes-key-size", "aes-iv-size".
[[nodiscard]] Bytes aes256_gcm_encrypt(ByteView key, ByteView iv, ByteView associated_data,
                                       ByteView plaintext);

}  // namespace keyrite::crypto
