// An operation of Cryptoki that has a beginning and an end, on a session. Internal to pkcs11.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

// CKR_OK of an operation's beginning, by `mechanism` where it has one. Error with the CKR, which
// also says what `unended` names, an earlier failure, when the token says that an operation is
// active.
inline void begun(const Called& called, const std::string& unended, std::string_view mechanism,
                  std::string_view what) {
  if (called.rv() == CKR_OPERATION_ACTIVE && !unended.empty()) {
    called.expect_ok(mechanism, fmt::format("{} after this: {}", what, unended));
  }
  called.expect_ok(mechanism, what);
}

template <class Work>
auto Session::finish(const Work& work) const -> decltype(work()) {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      unended_.clear();
    } else {
      auto result = work();
      unended_.clear();
      return result;
    }
  } catch (const Error& error) {
    if (error.ckr()) unended_ = error.message();
    throw;
  }
}

}  // namespace keyrite::pkcs11
