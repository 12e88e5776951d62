// The flaw of an Ed25519 public key for which signing does not need the private half, or that has
// two encodings. OpenSSL accepts both. Pure, any thread.
#pragma once

#include "base/bytes.h"

namespace keyrite::crypto {

enum class Ed25519Flaw {
  kNone,
  kLowOrder,      // one of the 8 points of order 1, 2, 4 or 8, in any of their 14 encodings
  kNotCanonical,  // y is not below 2^255 - 19, so that the same point has a second encoding
};

// Of the 32 bytes of a public key (RFC 8032 section 5.1.2), low order first; any other length has
// none of these flaws. Does not check whether the bytes are a point at all: if they are not, no
// signature verifies.
[[nodiscard]] Ed25519Flaw ed25519_flaw(ByteView raw);

}  // namespace keyrite::crypto
