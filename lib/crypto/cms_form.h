// The forms in which programs write one and the same CMS signature (RFC 5652): DER, BER of
// indefinite lengths (gpgsm, BouncyCastle), PEM (RFC 7468), S/MIME (RFC 8551). Pure, any thread.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace keyrite::crypto {

// The DER of the CMS structure that `content` holds in any of these forms, with nothing behind it;
// nullopt when it holds none, or is larger than kMaxCmsSignature allows. Nothing is verified. Of an
// S/MIME message with two parts (multipart/signed) it is the signature alone: what it signs is the
// caller's to know. Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] std::optional<Bytes> cms_in_der(ByteView content);

}  // namespace keyrite::crypto
