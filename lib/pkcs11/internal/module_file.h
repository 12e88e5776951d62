// What is asked of a module's file before its code may see a PIN: the same for a module that is
// named and for one that is registered with p11-kit. Reads the file system, any thread.
#pragma once

#include <string>

namespace keyrite::pkcs11 {

// The real path of `given`, which is absolute, and which nobody but root and this user may change.
// Errors kConfig "module-not-absolute", "module-unreadable", "module-writable-by-others".
[[nodiscard]] std::string checked_module_path(const std::string& given);

}  // namespace keyrite::pkcs11
