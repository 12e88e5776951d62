// Which signature scheme a challenge id stands for, and whether a signature over a message
// verifies. Pure, any thread. Internal to provider.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/public_key.h"

namespace keyrite::provider {

// Whether a signature by `key` can have this length: RSA the modulus', Ed25519 64, ECDSA r || s or
// DER.
[[nodiscard]] bool signature_size_fits(const crypto::PublicKey& key, ByteView signature);
// `id` as in the challenge table: "sign-rsa-pss-sha256". False for an unknown id or a key of
// another family.
[[nodiscard]] bool signature_verifies(const crypto::PublicKey& key, std::string_view id,
                                      ByteView message, ByteView signature);

}  // namespace keyrite::provider
