// A handle that came with CKR_OK. Pure, any thread.
#pragma once

#include <fmt/format.h>
#include <p11-kit/pkcs11.h>

#include <string_view>

#include "base/error.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

// Error kToken "handle-invalid" for CK_INVALID_HANDLE, which names no object.
[[nodiscard]] inline ObjectHandle returned_handle(CK_OBJECT_HANDLE handle,
                                                  std::string_view function,
                                                  std::string_view what) {
  if (handle != CK_INVALID_HANDLE) return ObjectHandle{handle};
  throw Error(Kind::kToken, "handle-invalid",
              fmt::format("{} answered CKR_OK and returned no object, {}", function, what),
              "do not use this token; report it to its vendor");
}

}  // namespace keyrite::pkcs11
