#include "pkcs11/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"

namespace keyrite::pkcs11 {

namespace {

CK_SESSION_HANDLE open_handle(const Token& token, Access access) {
  CK_SESSION_HANDLE handle = 0;
  // CKF_SERIAL_SESSION must always be set (PKCS#11 "C_OpenSession").
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (access == Access::kReadWrite ? CKF_RW_SESSION : 0);
  KEYRITE_CK(*token.api(), C_OpenSession, token.slot(), flags, static_cast<void*>(nullptr),
             static_cast<CK_NOTIFY>(nullptr), &handle)
      .expect_ok(fmt::format("opening a session with token \"{}\"", printable(token.info().label)));
  return handle;
}

// nullopt: the token does not know the session any more.
std::optional<CK_STATE> state_of(const Api& api, CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  const auto called = KEYRITE_CK(api, C_GetSessionInfo, session, &info);
  return called.rv() == CKR_OK ? std::optional(info.state) : std::nullopt;
}

}  // namespace

Session Session::open(const Token& token, Access access) {
  return {token, open_handle(token, access), access};
}

Session::Session(Session&& other) noexcept
    : token_(std::move(other.token_)),
      access_(other.access_),
      handle_(std::exchange(other.handle_, std::nullopt)),
      earlier_(std::exchange(other.earlier_, {})),
      unended_(std::move(other.unended_)),
      undestroyed_(std::move(other.undestroyed_)) {}

// close() is the call that reports.
Session::~Session() { drop(); }

void Session::close() {
  if (!handle_) return;
  for (const unsigned long earlier : std::exchange(earlier_, {}))
    (void)KEYRITE_CK(*token_.api(), C_CloseSession, earlier);
  const unsigned long handle = *std::exchange(handle_, std::nullopt);
  KEYRITE_CK(*token_.api(), C_CloseSession, handle).expect_ok("closing the session");
}

void Session::drop() noexcept {
  try {
    close();
  } catch (...) {
    handle_.reset();
  }
}

void Session::renew(Access access) {
  access_ = access;
  const unsigned long fresh = open_handle(token_, access);
  drop();
  unended_.clear();
  undestroyed_.reset();
  handle_ = fresh;
}

void Session::reopen(const Token& token) {
  token_ = token;
  unended_.clear();
  handle_ = open_handle(token, access_);
}

unsigned long Session::idle() const {
  if (unended_.empty()) return handle_.value();
  // A session that is lost is not replaced behind its user's back: the new one may not be logged
  // in.
  const auto state = state_of(*token_.api(), handle_.value());
  if (!state) return *handle_;
  try {
    const unsigned long fresh = open_handle(token_, access_);
    if (state_of(*token_.api(), fresh) == state) {
      earlier_.push_back(*std::exchange(handle_, fresh));
      unended_.clear();
    } else {
      (void)KEYRITE_CK(*token_.api(), C_CloseSession, fresh);
    }
  } catch (const Error& error) {
    // A token that has no further session may have ended the operation.
    if (!error.ckr()) throw;
  }
  return *handle_;
}

bool Session::user_is_logged_in() const {
  CK_SESSION_INFO info{};
  KEYRITE_CK(*token_.api(), C_GetSessionInfo, handle_.value(), &info)
      .expect_ok("asking whether the login holds");
  return info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS;
}

void Session::require_login() const {
  if (!token_.info().flags.login_required || user_is_logged_in()) return;
  throw Error(
      Kind::kToken, "login-lost",
      fmt::format(
          "the login to token \"{}\" was lost, and its keys are visible to the logged-in user only",
          printable(token_.info().label)),
      "another program may have logged out, or the token was reset: run again");
}

std::vector<unsigned long> Session::listed_mechanisms() const {
  CK_ULONG count = 0;
  const std::string_view what = "listing the mechanisms";
  KEYRITE_CK(*token_.api(), C_GetMechanismList, token_.slot(),
             static_cast<CK_MECHANISM_TYPE*>(nullptr), &count)
      .expect_ok(what);
  std::vector<unsigned long> list(count);
  KEYRITE_CK(*token_.api(), C_GetMechanismList, token_.slot(), list.data(), &count).expect_ok(what);
  list.resize(std::min<std::size_t>(count, list.size()));
  return list;
}

}  // namespace keyrite::pkcs11
