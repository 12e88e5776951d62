// The name of the curve in CKA_EC_PARAMS, so that a message can name a curve that keyrite does not
// handle. Pure, any thread.
#pragma once

#include <string>

#include "base/bytes.h"

namespace keyrite::crypto {

// For people: "brainpoolP256r1 (1.3.36.3.3.2.8.1.1.7)" of an object identifier (without the name
// where OpenSSL knows none), "\"curve448\"" of a PrintableString, "explicit parameters" of an
// ECParameters sequence (ANSI X9.62, PKCS#11 "Elliptic curve public key objects"); "not named" of
// anything else.
[[nodiscard]] std::string curve_text(ByteView ec_params);

}  // namespace keyrite::crypto
