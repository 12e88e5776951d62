// RSAES-OAEP decryption (RFC 8017 section 7.1.2) by a key pair OpenSSL holds. Internal: the product
// opens blocks of throw-away keys only (crypto/throwaway_rsa.h); published vectors, which come with
// keys of their own, run through the same function.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

// The two hashes given apart, empty label; nullopt when the block does not open so. Error kInternal
// "openssl" when OpenSSL cannot work.
[[nodiscard]] std::optional<Bytes> oaep_open(EVP_PKEY* key_pair, Hash oaep, Hash mgf1,
                                             ByteView ciphertext);

}  // namespace keyrite::crypto
