// The wrapping key out of a file as the operator saved it, whatever the cloud: for comparing, so
// nothing else of the import parameters is looked at. Pure, any thread.
#pragma once

#include "crypto/public_key.h"
#include "provider/provider.h"

namespace keyrite::provider {

// PEM, DER, or JSON of AWS get-parameters-for-import, Azure key show, Google import-jobs describe.
// Errors kConfig: "wrapping-key-missing" (JSON that holds none), those of base/json.h and
// crypto/public_key.h.
[[nodiscard]] crypto::PublicKey read_wrapping_key(const InputFile& file);

}  // namespace keyrite::provider
