// The gate: every Cryptoki call passes KEYRITE_CK, which knows the function's name, refuses calls
// of a forked child, and hands back the CKR with it.
#pragma once

#include <fmt/format.h>
#include <p11-kit/pkcs11.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "base/error.h"
#include "pkcs11/ckr.h"
#include "pkcs11/module.h"

namespace keyrite::pkcs11 {

// The answer of one call.
class [[nodiscard]] Called {
 public:
  Called(std::string_view function, CK_RV rv) : function_(function), rv_(rv) {}
  [[nodiscard]] CK_RV rv() const { return rv_; }
  void expect_ok(std::string_view what) const {
    if (rv_ != CKR_OK) throw ckr_error(function_, rv_, what);
  }
  // Of a call that was told a mechanism; empty where it has none.
  void expect_ok(std::string_view mechanism, std::string_view what) const {
    if (mechanism.empty()) return expect_ok(what);
    if (rv_ != CKR_OK) throw ckr_error(fmt::format("{} ({})", function_, mechanism), rv_, what);
  }

 private:
  std::string_view function_;
  CK_RV rv_;
};

class Api {
 public:
  explicit Api(CK_FUNCTION_LIST* functions) : functions_(functions), process_(::getpid()) {}

  template <auto function, class... Args>
  Called call(std::string_view name, Args... args) const {
    // A forked child of some modules is silently still logged in (no fork after C_Initialize:
    // PKCS#11 "Applications and processes").
    if (::getpid() != process_) {
      throw Error(Kind::kInternal, "forked-after-initialize",
                  "a child process called a PKCS#11 module that its parent initialised");
    }
    return {name, (functions_->*function)(args...)};
  }

  [[nodiscard]] const ModuleInfo& info() const { return info_; }
  void set_info(ModuleInfo info) { info_ = std::move(info); }

 private:
  CK_FUNCTION_LIST* functions_;
  pid_t process_;
  ModuleInfo info_{};
};

#define KEYRITE_CK(api, function, ...)                                         \
  /* NOLINTNEXTLINE(bugprone-macro-parentheses): a member's name takes none */ \
  (api).template call<&CK_FUNCTION_LIST::function>(#function __VA_OPT__(, ) __VA_ARGS__)

}  // namespace keyrite::pkcs11
