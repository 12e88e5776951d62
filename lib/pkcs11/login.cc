#include "pkcs11/login.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"

namespace keyrite::pkcs11 {

namespace {

std::string_view pin_name(UserType user) {
  return user == UserType::kUser ? "user PIN" : "security officer's PIN";
}

Error pin_error(std::string code, const TokenInfo& token, UserType user, std::string_view state,
                std::string hint) {
  return {Kind::kPin, std::move(code),
          fmt::format("the {} of token \"{}\" {}", pin_name(user), printable(token.label), state),
          std::move(hint)};
}

// The flags after a failed try tell how many are left, roughly; a token that cannot say so says
// nothing.
std::string after_wrong_pin(const Session& session, UserType user) {
  std::string hint = "one try is used; look the PIN up before you run this again";
  try {
    const TokenInfo now = session.token().refresh();
    const PinFlags& flags = user == UserType::kUser ? now.flags.user : now.flags.so;
    if (flags.locked) return "the PIN is now locked: the token's administrator must reset it";
    if (flags.final_try) return "only ONE try is left before the PIN locks; " + hint;
    if (flags.count_low) return "few tries are left before the PIN locks; " + hint;
  } catch (const Error&) {
    return hint;
  }
  return hint;
}

void refuse_wrong_pin(const Called& called, const Session& session, UserType user) {
  if (called.rv() != CKR_PIN_INCORRECT && called.rv() != CKR_PIN_LOCKED) return;
  const bool locked = called.rv() == CKR_PIN_LOCKED;
  throw pin_error(
      locked ? "pin-locked" : "pin-wrong", session.token().info(), user,
      locked ? "is locked" : "is wrong",
      locked ? "the token's administrator must reset it" : after_wrong_pin(session, user))
      .with_ckr({"C_Login", ckr_name(called.rv()), called.rv()});
}

// What the session's state must be when the user is logged in (PKCS#11 "CK_SESSION_INFO").
bool is_logged_in(CK_STATE state, UserType user) {
  if (user == UserType::kSo) return state == CKS_RW_SO_FUNCTIONS;
  return state == CKS_RO_USER_FUNCTIONS || state == CKS_RW_USER_FUNCTIONS;
}

}  // namespace

void require_pin_usable(const TokenInfo& token, UserType user) {
  const PinFlags& flags = user == UserType::kUser ? token.flags.user : token.flags.so;
  if (user == UserType::kUser && token.flags.login_required && !token.flags.user_pin_initialized) {
    throw Error(Kind::kToken, "pin-not-initialized",
                fmt::format("token \"{}\" has no user PIN yet", printable(token.label)),
                "the security officer must set it with the tools of the token's vendor");
  }
  if (flags.locked) {
    throw pin_error("pin-locked", token, user, "is locked",
                    "the token's administrator must reset it");
  }
  if (flags.to_be_changed) {
    throw pin_error("pin-to-be-changed", token, user, "must be changed before it can be used",
                    "change it with the tools of the token's vendor");
  }
  if (flags.final_try) {
    throw pin_error("pin-final-try", token, user,
                    "has one try left before it locks, and keyrite does not use that try",
                    "log in once with the vendor's tool and the right PIN; that resets the count");
  }
}

Login Login::start(Session& session, UserType user, const std::optional<crypto::SecretBytes>& pin) {
  require_pin_usable(session.token().refresh(), user);
  // A NULL PIN asks the token's own PIN pad (PKCS#11 "C_Login").
  CK_UTF8CHAR* bytes = pin ? const_cast<CK_UTF8CHAR*>(pin->reveal().data())
                           : nullptr;  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  const CK_USER_TYPE type = user == UserType::kUser ? CKU_USER : CKU_SO;
  const auto called = KEYRITE_CK(*session.token_.api(), C_Login, session.handle_.value(), type,
                                 bytes, CK_ULONG{pin ? pin->size() : 0});
  refuse_wrong_pin(called, session, user);
  const bool already = called.rv() == CKR_USER_ALREADY_LOGGED_IN;
  if (!already) {
    called.expect_ok(
        fmt::format("logging in to token \"{}\"", printable(session.token().info().label)));
  }
  Login login(session, !already);
  login.require_effective(user);
  return login;
}

void Login::require_effective(UserType user) const {
  CK_SESSION_INFO info{};
  KEYRITE_CK(*session_->token_.api(), C_GetSessionInfo, session_->handle_.value(), &info)
      .expect_ok("asking whether the login holds");
  if (is_logged_in(info.state, user)) return;
  throw Error(Kind::kToken, "login-not-effective",
              fmt::format("token \"{}\" took the {}, and its session is not logged in (state {})",
                          printable(session_->token().info().label), pin_name(user), info.state),
              "do not use this token; report it to its vendor");
}

Login::Login(Login&& other) noexcept
    : session_(other.session_), owned_(std::exchange(other.owned_, false)) {}

Login::~Login() {
  try {
    end();
  } catch (const Error&) {
    // end() is the call that reports; C_Finalize ends every login in any case.
  }
}

void Login::end() {
  if (!std::exchange(owned_, false)) return;
  KEYRITE_CK(*session_->token_.api(), C_Logout, session_->handle_.value()).expect_ok("logging out");
}

}  // namespace keyrite::pkcs11
