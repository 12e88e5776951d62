// What p11-kit's configuration says of a registered module, looked at before the module is
// initialised: whether it may be used, its file, its name. Asks p11-kit, any thread.
#pragma once

#include <p11-kit/pkcs11.h>

#include "pkcs11/module.h"

namespace keyrite::pkcs11 {

// The module's path, SHA-256 and name. Errors kConfig "module-logs-calls" (p11-kit would print
// every call, PINs included), "module-without-file" (another process answers), and those of
// checked_module_path and ModuleFile.
[[nodiscard]] ModuleInfo checked_registration(CK_FUNCTION_LIST* module);

}  // namespace keyrite::pkcs11
