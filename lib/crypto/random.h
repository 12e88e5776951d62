// Random bytes of the host, from OpenSSL's generators. Any thread.
#pragma once

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace keyrite::crypto {

// Error kInternal "openssl" when the generator fails.
[[nodiscard]] Bytes random_bytes(std::size_t count);
[[nodiscard]] SecretBytes random_secret(std::size_t count);  // from the private generator

}  // namespace keyrite::crypto
