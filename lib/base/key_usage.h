// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a key may be used for in the token: exactly one of these. A value; any thread.
#pragma once

namespace keyrite {

// kWrap: CKA_WRAP and CKA_UNWRAP; kEncrypt: CKA_ENCRYPT and CKA_DECRYPT; kSign: CKA_SIGN and
// CKA_VERIFY; kDerive: CKA_DERIVE. Never two of them on one key: wrap with decrypt lets anybody
// read what it wraps.
enum class KeyUsage { kWrap, kEncrypt, kSign, kDerive };

}  // namespace keyrite
