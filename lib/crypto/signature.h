// Verifies signatures made elsewhere, over OpenSSL. Pure, any thread.
#pragma once

#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

enum class SignatureScheme {
  kRsaPss,    // RFC 8017 8.1, MGF1 with the same digest, salt as long as the digest
  kRsaPkcs1,  // RFC 8017 8.2
  kEcdsa,     // FIPS 186-5 6.4; DER (RFC 3279 2.2.3) or r || s of the field's length each
  kEd25519,   // RFC 8032 5.1; `digest` has no part in it
};

// False for a signature that does not verify, has no possible form, or a key of another family.
// Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] bool verify_signature(const PublicKey& key, SignatureScheme scheme, Digest digest,
                                    ByteView message, ByteView signature);

// An ECDSA signature as tokens give it (PKCS#11 "EC": r || s of `field` bytes each), as DER (RFC
// 3279 2.2.3). What does not have that length is returned unchanged. Error kInternal "openssl".
[[nodiscard]] Bytes ecdsa_der(ByteView signature, std::size_t field);

}  // namespace keyrite::crypto
