// Byte strings that are not secret, and their text forms (hex, base64, base64url). Secrets live in
// crypto::SecretBytes, never here. Free functions, no state, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The bytes of a text, and the text of some bytes; no conversion.
[[nodiscard]] ByteView as_bytes(std::string_view text);
[[nodiscard]] std::string as_text(ByteView bytes);
[[nodiscard]] Bytes concat(ByteView first, ByteView second);

// Lower-case hex. from_hex takes either case, no separators; Error kConfig "not-hex" otherwise.
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Bytes from_hex(std::string_view text);

// RFC 4648 section 4 (padded) and section 5 (base64url, unpadded as in RFC 7515 section 2).
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] std::string to_base64url(ByteView bytes);

// Strict: no white space, no foreign character, unused trailing bits zero. from_base64 demands
// padding. from_base64_any takes both alphabets (not mixed), with or without padding: az and REST
// write the same field in either form. `field` names the object in the Error (kConfig
// "not-base64").
[[nodiscard]] Bytes from_base64(std::string_view text, std::string_view field);
[[nodiscard]] Bytes from_base64_any(std::string_view text, std::string_view field);

}  // namespace keyrite
