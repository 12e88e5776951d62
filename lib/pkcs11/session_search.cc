// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/attribute_array.h"
#include "pkcs11/internal/call_arguments.h"
#include "pkcs11/internal/operation.h"
#include "pkcs11/internal/returned_handle.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

constexpr CK_ULONG kFindBatch = 32;

// What a search that was begun gives, to its end.
std::vector<ObjectHandle> found_objects(const Api& api, CK_SESSION_HANDLE session,
                                        std::string_view what) {
  std::vector<ObjectHandle> found;
  while (true) {
    std::array<CK_OBJECT_HANDLE, kFindBatch> batch{};
    CK_ULONG count = 0;
    KEYRITE_CK(api, C_FindObjects, session, batch.data(), kFindBatch, &count).expect_ok(what);
    if (count > kFindBatch) {
      throw Error(
          Kind::kToken, "length-beyond-buffer",
          fmt::format("C_FindObjects returned a count of {} objects, but at most {} were requested",
                      count, kFindBatch),
          "do not use this token; report it to its vendor");
    }
    for (CK_ULONG i = 0; i < count; ++i)
      found.push_back(returned_handle(batch[i], "C_FindObjects", what));
    // Only an answer of nothing ends a search: fewer than asked for may come at any time.
    if (count == 0) return found;
  }
}

}  // namespace

std::vector<ObjectHandle> Session::find(const Template& wanted) const {
  AttributeArray attributes(wanted);
  const Api& api = *token_.api();
  const std::string_view what = "searching the token";
  begun(KEYRITE_CK(api, C_FindObjectsInit, idle(), attributes.data(), attributes.size()), unended_,
        "", what);
  return finish([&] {
    std::vector<ObjectHandle> found;
    try {
      found = found_objects(api, *handle_, what);
    } catch (const Error&) {
      // A search that is not ended blocks every later one on this session (PKCS#11
      // "C_FindObjectsFinal").
      (void)KEYRITE_CK(api, C_FindObjectsFinal, *handle_);
      throw;
    }
    KEYRITE_CK(api, C_FindObjectsFinal, *handle_).expect_ok(what);
    return found;
  });
}

bool Session::exists(ObjectHandle object) const {
  CK_OBJECT_CLASS object_class = 0;
  CK_ATTRIBUTE attribute{CKA_CLASS, &object_class, sizeof(object_class)};
  const auto called = KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(), raw(object),
                                 &attribute, CK_ULONG{1});
  if (called.rv() == CKR_OBJECT_HANDLE_INVALID) return false;
  called.expect_ok("looking whether an object is still there");
  return true;
}

}  // namespace keyrite::pkcs11
