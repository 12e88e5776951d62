// How our types are handed to Cryptoki. Pure. Internal to pkcs11.
#pragma once

#include "base/bytes.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

[[nodiscard]] inline CK_OBJECT_HANDLE raw(ObjectHandle handle) {
  return static_cast<CK_OBJECT_HANDLE>(handle);
}

// Cryptoki takes its inputs as pointers to non-const and does not write to them.
[[nodiscard]] inline CK_BYTE* in(ByteView bytes) {
  return const_cast<CK_BYTE*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

}  // namespace keyrite::pkcs11
