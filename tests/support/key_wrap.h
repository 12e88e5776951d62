// AES key wrap outside of keyrite, as a line for Workshop: python3's cryptography does it. `openssl
// enc` does not do it on every system: 3.5 refuses these modes. Functions; any thread.
#pragma once

#include <string>

namespace keyrite::test {

// Standard input wrapped or opened to standard output: RFC 3394 (kw) or RFC 5649 (kwp).
[[nodiscard]] std::string kw_wrap_line(const std::string& key_hex);
[[nodiscard]] std::string kwp_wrap_line(const std::string& key_hex);
[[nodiscard]] std::string kw_unwrap_line(const std::string& key_hex);
[[nodiscard]] std::string kwp_unwrap_line(const std::string& key_hex);

}  // namespace keyrite::test
