// Secrets that come as text: hex and base64 (base/bytes.h), from and to protected memory. Pure, any
// thread.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"

namespace keyrite::crypto {

// Either case, no separators; nullopt for what is no hex.
[[nodiscard]] std::optional<SecretBytes> secret_from_hex(ByteView text);
// RFC 4648 section 4, padded, strict; nullopt for what is no base64.
[[nodiscard]] std::optional<SecretBytes> secret_from_base64(ByteView text);

}  // namespace keyrite::crypto
