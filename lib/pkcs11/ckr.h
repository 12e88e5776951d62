// What a token's return value means: its name, and the Error it becomes. One table (ckr_table.inc).
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace keyrite::pkcs11 {

struct CkrInfo {
  std::string_view name{};
  unsigned long value{};
  Kind kind{};
  std::string_view hint{};
};
[[nodiscard]] const std::vector<CkrInfo>& ckr_table();

// "CKR_KEY_UNEXTRACTABLE"; vendors' values as "CKR_VENDOR_DEFINED+0x12", others as "CKR_UNKNOWN".
[[nodiscard]] std::string ckr_name(unsigned long value);

// "C_WrapKey failed wrapping ...: CKR_... (0x..)", code "ckr-key-unextractable", kind and hint of
// the table.
[[nodiscard]] Error ckr_error(std::string_view function, unsigned long value,
                              std::string_view what);

}  // namespace keyrite::pkcs11
