// A PIN has one owner: it is asked for once, used again at the token that took it, and after a
// refusal never again.
#include "act/pins.h"

#include <doctest/doctest.h>

#include <utility>

#include "act/token_session.h"
#include "crypto/throwaway_rsa.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/execute.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::UserType;

CK_FUNCTION_LIST* real = nullptr;
std::string logged_in;  // "U" for each login of the user, "S" of the officer, "o" for each logout
CK_RV next_login = CKR_OK;
bool pin_pad = false;
char serial_digit = 0;

CK_RV watched_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin,
                    CK_ULONG length) {
  logged_in += user == CKU_SO ? "S" : "U";
  if (next_login != CKR_OK) return std::exchange(next_login, CKR_OK);
  if (!pin_pad) return real->C_Login(session, user, pin, length);
  if (pin != nullptr) return CKR_ARGUMENTS_BAD;
  std::string typed = user == CKU_SO ? "officer-1234" : "user-1234";
  return real->C_Login(session, user, reinterpret_cast<CK_UTF8CHAR*>(typed.data()), typed.size());
}

CK_RV watched_logout(CK_SESSION_HANDLE session) {
  logged_in += "o";
  return real->C_Logout(session);
}

CK_RV changed_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (pin_pad) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (serial_digit != 0) info->serialNumber[0] = static_cast<CK_UTF8CHAR>(serial_digit);
  return rv;
}

// A token whose logins are watched, and a source that counts how often it is asked.
struct Bench {
  std::unique_ptr<TestToken> token{make_softhsm()};
  CK_FUNCTION_LIST table{};
  std::string asked{};
  std::optional<act::Pins> pins{};

  Bench() {
    if (!token) return;
    real = real_table(token->module.path.value());
    table = *real;
    table.C_Login = watched_login;
    table.C_Logout = watched_logout;
    table.C_GetTokenInfo = changed_token_info;
    logged_in.clear();
    next_login = CKR_OK;
    pin_pad = false;
    serial_digit = 0;
    pins.emplace([this](const pkcs11::TokenInfo& info, UserType user) {
      asked += user == UserType::kSo ? "S" : "U";
      if (pin_pad) return std::optional<crypto::SecretBytes>();
      return token->binding().pin(info, user);
    });
  }
  [[nodiscard]] std::unique_ptr<act::TokenSession> open() {
    return std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table), token->binding(),
                                               pkcs11::Access::kReadWrite, *pins);
  }
};

TEST_CASE("The user out, the officer in, the user in again: each PIN is asked for once") {
  Bench bench;
  if (!bench.token) return;
  auto open = bench.open();
  CHECK(logged_in.empty());
  open->log_user_in();
  std::optional<pkcs11::ObjectHandle> trusted;
  open->as_officer([&](pkcs11::Session& officer) {
    CHECK(logged_in == "UoS");
    auto wanted = wrap::wrapping_key_template(crypto::ThrowawayRsa::make(2048).public_key());
    wanted.set<pkcs11::Attr::kToken>(false).set<pkcs11::Attr::kTrusted>(true);
    trusted = officer.create_object(wanted, "putting in a trusted key");
  });
  // What the officer left in the session is there for the user.
  CHECK(open->session().read_bool(trusted.value(), pkcs11::Attr::kTrusted) == true);
  CHECK(logged_in == "UoSoU");
  open->as_officer([](pkcs11::Session&) {});
  CHECK(logged_in == "UoSoUoSoU");
  CHECK(bench.asked == "US");
  REQUIRE(bench.pins->entries().size() == 2);
  for (const auto& entry : bench.pins->entries()) CHECK(entry.outcome == "accepted");
  open->close();
}

TEST_CASE("What the officer does first needs no user, and the user's login comes once") {
  Bench bench;
  if (!bench.token) return;
  auto open = bench.open();
  open->as_officer([](pkcs11::Session&) {});
  open->log_user_in();
  open->log_user_in();
  CHECK(logged_in == "SoU");
  open->close();
}

TEST_CASE("The user is in again also when the officer's work failed, and its failure is told") {
  Bench bench;
  if (!bench.token) return;
  auto open = bench.open();
  open->log_user_in();
  const auto failure = failure_of([&] {
    open->as_officer([](pkcs11::Session&) { throw Error(Kind::kToken, "work-failed", "no"); });
  });
  CHECK(failure.code == "work-failed");
  CHECK(logged_in == "UoSoU");
  CHECK_NOTHROW(open->close());
}

TEST_CASE("A refusal is final: the PIN is not asked for again, and no second try is spent") {
  Bench bench;
  if (!bench.token) return;
  bench.token->pin = "not-the-pin";
  auto open = bench.open();
  CHECK(failure_of([&] { open->log_user_in(); }).code == "pin-wrong");
  const auto again = failure_of([&] { open->log_user_in(); });
  CHECK(again.code == "pin-refused-before");
  CHECK(again.kind == Kind::kPin);
  CHECK(logged_in == "U");
  CHECK(bench.asked == "U");
  REQUIRE(bench.pins->entries().size() == 1);
  CHECK(bench.pins->entries()[0].outcome == "pin-wrong");
  // The officer's is another PIN.
  CHECK_NOTHROW(open->as_officer([](pkcs11::Session&) {}));
}

TEST_CASE("A PIN that was taken and is refused later is not used a third time") {
  Bench bench;
  if (!bench.token) return;
  auto open = bench.open();
  open->log_user_in();
  const auto refused_now = failure_of(
      [&] { open->as_officer([](pkcs11::Session&) { next_login = CKR_PIN_INCORRECT; }); });
  CHECK(refused_now.code == "pin-wrong");
  CHECK(failure_of([&] { open->log_user_in(); }).code == "pin-refused-before");
  CHECK(logged_in == "UoSoU");
  CHECK(bench.asked == "US");
}

TEST_CASE("A login that fails for a moment is no refusal, its PIN is asked for again") {
  Bench bench;
  if (!bench.token) return;
  auto open = bench.open();
  next_login = CKR_DEVICE_ERROR;
  CHECK(failure_of([&] { open->log_user_in(); }).ckr->name == "CKR_DEVICE_ERROR");
  open->log_user_in();
  CHECK(bench.asked == "UU");
  REQUIRE(bench.pins->entries().size() == 2);
  CHECK(bench.pins->entries()[0].outcome == "not accepted");
  CHECK(bench.pins->entries()[1].outcome == "accepted");
  open->close();
}

TEST_CASE("A PIN pad asks each time") {
  Bench bench;
  if (!bench.token) return;
  pin_pad = true;
  auto open = bench.open();
  open->log_user_in();
  open->as_officer([](pkcs11::Session&) {});
  CHECK(logged_in == "UoSoU");
  CHECK(bench.asked == "USU");
  open->close();
}

TEST_CASE("A PIN that one token took is not sent to another, which has its own serial number") {
  Bench bench;
  if (!bench.token) return;
  {
    auto open = bench.open();
    open->log_user_in();
    open->close();
  }
  {
    auto open = bench.open();
    open->log_user_in();
    CHECK(bench.asked == "U");
    open->close();
  }
  serial_digit = 'Z';
  auto other = bench.open();
  other->log_user_in();
  CHECK(bench.asked == "UU");
  other->close();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
