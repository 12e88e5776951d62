// The checks that every cloud's wrapping key passes, and those that a file makes before it is
// decoded. Pure, any thread. Internal to provider.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/public_key.h"
#include "provider/provider.h"

namespace keyrite::provider {

// Errors kConfig: "wrapping-key-not-rsa", "wrapping-key-exponent" (not 65537), "wrapping-key-size".
void check_wrapping_key(Provider provider, const crypto::PublicKey& key, std::string_view origin);

// A base64 field or a binary file that holds PEM: Error kConfig "public-key-is-pem".
void refuse_pem(std::string_view content, std::string_view origin);
// Whether a file that should be binary is base64 text, as a copy from a JSON document is.
[[nodiscard]] bool is_base64_text(ByteView content);

}  // namespace keyrite::provider
