// Elliptic curve Diffie-Hellman of a throw-away key with somebody's public key. It shows that a
// private key that may only derive, in a token or in a cloud, is the private half of that public
// key. The shared secret protects nothing. Pure, any thread.
#pragma once

#include "base/bytes.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

struct ThrowawayAgreement {
  Bytes point{};   // the throw-away key's, 0x04 || x || y
  Bytes shared{};  // the x coordinate (SP 800-56A section 5.7.1.2), as long as the field
};

// `other` on a curve of base/key_type.h, not Ed25519. Errors kInternal "openssl", "ecdh-curve".
[[nodiscard]] ThrowawayAgreement agree_with_throwaway(const PublicKey& other);

}  // namespace keyrite::crypto
