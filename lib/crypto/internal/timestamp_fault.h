// Why OpenSSL does not verify a timestamp, as an Error of its own for each reason. Reads OpenSSL's
// error queue and empties it; any thread.
#pragma once

#include <openssl/ts.h>

#include <string>

#include "base/clock.h"

namespace keyrite::crypto {

// The name or the dotted number of an object identifier, safe to print.
[[nodiscard]] std::string object_name(const ASN1_OBJECT* object);

// OpenSSL takes no notice of which signature algorithm a timestamp names; nobody signs that field.
// Error kVerification "timestamp-algorithm" (RSA-PSS, and what OpenSSL does not verify in
// timestamps).
void require_verifiable_algorithm(const PKCS7* token);

// After TS_RESP_verify_response said no about a timestamp of the time `when`. Error kVerification:
// "timestamp-untrusted", "timestamp-other-authority" (TSTInfo names another one than the signer's
// certificate), "timestamp-certificate-unnamed" (no ESS attribute, RFC 5816),
// "timestamp-other-certificate" (the ESS attribute names another), "timestamp-version",
// "timestamp-signature-wrong", "timestamp-reply-invalid", "timestamp-unverified" (anything else).
[[noreturn]] void refuse_unverified(TimePoint when);

}  // namespace keyrite::crypto
