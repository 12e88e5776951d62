// The names of the key types of PKCS#11 3.1 (CKK_), so that a message can name the type of a key
// that keyrite does not handle. One table; a test compares it with p11-kit's header. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite::pkcs11 {

struct KeyKindInfo {
  std::string_view name{};
  unsigned long value{};
};
[[nodiscard]] const std::vector<KeyKindInfo>& key_kinds();

// "CKK_DES3"; empty for a number that the standard does not name.
[[nodiscard]] std::string_view key_kind_name(unsigned long value);
// For people: "CKK_DES3 (0x15)", "a vendor's key type (0x80000001)", "key type 0x77".
[[nodiscard]] std::string key_kind_text(unsigned long value);

}  // namespace keyrite::pkcs11
