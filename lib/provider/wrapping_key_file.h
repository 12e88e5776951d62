// Reads the wrapping key of any cloud from a file as the operator saved it, and makes the checks
// that every cloud's wrapping key must pass. Pure, any thread.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/public_key.h"
#include "provider/provider.h"

namespace keyrite::provider {

// For comparing, so it reads nothing else of the import parameters. PEM, DER, or JSON of AWS
// get-parameters-for-import, Azure key show, Google import-jobs describe. Errors kConfig:
// "wrapping-key-missing" (JSON that holds none), those of base/json.h and crypto/public_key.h.
[[nodiscard]] crypto::PublicKey read_wrapping_key(const InputFile& file);

// Errors kConfig: "wrapping-key-not-rsa", "wrapping-key-exponent" (not 65537), "wrapping-key-size".
void check_wrapping_key(Provider provider, const crypto::PublicKey& key, std::string_view origin);

// A base64 field or a binary file that holds PEM: Error kConfig "public-key-is-pem".
void refuse_pem(std::string_view content, std::string_view origin);
// Whether a file that should be binary is base64 text, as a copy from a JSON document is.
[[nodiscard]] bool is_base64_text(ByteView content);

}  // namespace keyrite::provider
