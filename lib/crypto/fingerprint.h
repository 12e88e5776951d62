// SHA-256 in hex as people write and read it: of a public key (its DER SubjectPublicKeyInfo), or of
// a file that was noted. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::crypto {

// How a person makes the fingerprint of a public key: the hint where what was given is none.
inline constexpr std::string_view kHowToFingerprintKey =
    "the fingerprint of a key has 64 hex digits:\n"
    "    openssl pkey -pubin -in KEY -outform DER | sha256sum";

// 64 lower-case hex digits of a fingerprint in either case, with colons or blanks between. `origin`
// names where it was given ("--expect-wrapping-key"); `hint` says how the right one is made. Error
// kUsage "fingerprint-invalid".
[[nodiscard]] std::string plain_fingerprint(std::string_view given, std::string_view origin,
                                            std::string_view hint = kHowToFingerprintKey);

// Where two fingerprints of 64 digits differ first, as people read them, in groups of four: "group
// 3 of 16 is 9c0d, not 1a2b".
[[nodiscard]] std::string first_difference(std::string_view found, std::string_view expected);

}  // namespace keyrite::crypto
