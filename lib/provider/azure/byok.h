// The .byok file of the Azure BYOK specification, schema 1.0.0: JSON, ASCII, no BOM, the ciphertext
// in base64url without padding (RFC 7515 section 2). Pure, any thread. Internal to provider.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace keyrite::provider::azure {

struct Byok {
  std::string kid{};        // of the wrapping key, with version
  Bytes blob{};             // RSA part || AES-KWP part
  std::string generator{};  // read_byok alone: as the file has it
};

// Characters outside printable ASCII become '?'.
[[nodiscard]] std::string printable_ascii(std::string_view text);
// `generator`: informational, written as printable_ascii.
[[nodiscard]] Bytes write_byok(const Byok& byok, std::string_view generator);
// Strict: exactly the fields of the specification with the values it gives. Errors kConfig: those
// of base/json.h, and "byok-invalid".
[[nodiscard]] Byok read_byok(ByteView file, std::string_view name);

}  // namespace keyrite::provider::azure
