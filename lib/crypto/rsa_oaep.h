// RSAES-OAEP (RFC 8017 section 7.1) on the host, MGF1 with the same hash, empty label. Pure, any
// thread.
#pragma once

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

// The longest message in bytes: k - 2 hLen - 2. 0 where the modulus is too small for any.
[[nodiscard]] std::size_t oaep_capacity(unsigned modulus_bits, Hash hash);

// Error kInternal "oaep-too-long"; "openssl".
[[nodiscard]] Bytes oaep_encrypt(const PublicKey& key, Hash hash, ByteView message);
// With any digest, for messages that are not a key: what a cloud is asked to decrypt.
[[nodiscard]] Bytes oaep_encrypt(const PublicKey& key, Digest digest, ByteView message);

}  // namespace keyrite::crypto
