// Fingerprints of public keys as people write and read them: SHA-256 of the DER
// SubjectPublicKeyInfo in hex. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::crypto {

// 64 lower-case hex digits of a fingerprint in either case, with colons or blanks between. `origin`
// names where it was given ("--expect-wrapping-key"). Error kUsage "fingerprint-invalid".
[[nodiscard]] std::string plain_fingerprint(std::string_view given, std::string_view origin);

}  // namespace keyrite::crypto
