// Tokens are found by URI, and no PIN is spent that need not be.
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "act/token_session.h"
#include "base/file.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
CK_FLAGS added_flags = 0;
CK_FLAGS removed_flags = 0;
int logins = 0;

CK_RV token_info_with_flags(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if ((info->flags & CKF_TOKEN_INITIALIZED) != 0) info->flags |= added_flags;
  info->flags &= ~removed_flags;
  return rv;
}

CK_RV count_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG length) {
  ++logins;
  return real->C_Login(session, user, pin, length);
}

// A token with a PIN pad: the PIN comes from there and from nowhere else.
CK_RV login_by_pin_pad(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin,
                       CK_ULONG length) {
  ++logins;
  if (pin != nullptr || length != 0) return CKR_ARGUMENTS_BAD;
  std::string typed = user == CKU_SO ? "officer-1234" : "user-1234";
  return real->C_Login(session, user, reinterpret_cast<CK_UTF8CHAR*>(typed.data()), typed.size());
}

CK_RV login_to_nothing(CK_SESSION_HANDLE /*session*/, CK_USER_TYPE /*user*/, CK_UTF8CHAR* /*pin*/,
                       CK_ULONG /*length*/) {
  return CKR_OK;
}

CK_RV no_such_user(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin,
                   CK_ULONG length) {
  return user == CKU_SO ? CKR_USER_TYPE_INVALID : real->C_Login(session, user, pin, length);
}

// Says of whoever is logged in that it is the user.
CK_RV always_the_user(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  const CK_RV rv = real->C_GetSessionInfo(session, info);
  info->state = CKS_RW_USER_FUNCTIONS;
  return rv;
}

// As NSS up to 3.87 of Debian 12; later ones start without an init string.
CK_RV initialize_by_text(void* args) {
  if (static_cast<CK_C_INITIALIZE_ARGS*>(args)->pReserved == nullptr) return CKR_ARGUMENTS_BAD;
  return real->C_Initialize(args);
}

CK_RV device_removed(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/) {
  return CKR_DEVICE_REMOVED;
}

CK_FUNCTION_LIST counting_table(const TestToken& token) {
  real = real_table(token.module.path.value());
  added_flags = 0;
  removed_flags = 0;
  logins = 0;
  CK_FUNCTION_LIST table = *real;
  table.C_GetTokenInfo = token_info_with_flags;
  table.C_Login = count_login;
  return table;
}

TEST_CASE("A wrong PIN is said to be wrong, after exactly one try") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  token->pin = "not-the-pin";
  const auto failure = failure_of([&] {
    act::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadOnly);
  });
  CHECK(failure.code == "pin-wrong");
  CHECK(failure.kind == Kind::kPin);
  CHECK(logins == 1);
}

TEST_CASE("The last try, a locked PIN and one to be changed are refused before a PIN is spent") {
  struct Row {
    CK_FLAGS flag{};
    pkcs11::UserType user{};
    const char* code{};
  };
  using User = pkcs11::UserType;
  for (const auto& row : {Row{CKF_USER_PIN_FINAL_TRY, User::kUser, "pin-final-try"},
                          Row{CKF_USER_PIN_LOCKED, User::kUser, "pin-locked"},
                          Row{CKF_USER_PIN_TO_BE_CHANGED, User::kUser, "pin-to-be-changed"},
                          Row{CKF_SO_PIN_FINAL_TRY, User::kSo, "pin-final-try"},
                          Row{CKF_SO_PIN_LOCKED, User::kSo, "pin-locked"},
                          Row{CKF_SO_PIN_TO_BE_CHANGED, User::kSo, "pin-to-be-changed"}}) {
    CAPTURE(row.flag);
    const auto token = make_softhsm();
    if (!token) return;
    auto table = counting_table(*token);
    added_flags = row.flag;
    bool asked = false;
    auto binding = token->binding();
    binding.pin = [&](const pkcs11::TokenInfo&, User) -> std::optional<crypto::SecretBytes> {
      asked = true;
      return crypto::SecretBytes(as_bytes("user-1234"));
    };
    act::TokenSession::OfficerWork officer;
    if (row.user == User::kSo) officer = [](pkcs11::Session&) { FAIL("the officer is in"); };
    const auto failure = failure_of([&] {
      act::TokenSession(pkcs11::Module::adopt(&table), binding, pkcs11::Access::kReadWrite,
                        officer);
    });
    CHECK(failure.code == row.code);
    CHECK(failure.kind == Kind::kPin);
    CHECK(failure.message.find(row.user == User::kSo ? "security officer's PIN" : "user PIN") !=
          std::string::npos);
    CHECK(logins == 0);
    CHECK_FALSE(asked);
  }
}

TEST_CASE("What is wrong with the officer's PIN does not stop the user") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  added_flags = CKF_SO_PIN_LOCKED | CKF_SO_PIN_FINAL_TRY;
  CHECK_NOTHROW(act::TokenSession(pkcs11::Module::adopt(&table), token->binding(),
                                  pkcs11::Access::kReadOnly));
  CHECK(logins == 1);
}

TEST_CASE("A token without a user PIN says so before one is asked for") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  removed_flags = CKF_USER_PIN_INITIALIZED;
  const auto failure = failure_of([&] {
    act::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadOnly);
  });
  CHECK(failure.code == "pin-not-initialized");
  CHECK(failure.kind == Kind::kToken);
  CHECK(logins == 0);
}

TEST_CASE("A token with a PIN pad is logged in to without a PIN from us") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  added_flags = CKF_PROTECTED_AUTHENTICATION_PATH;
  table.C_Login = login_by_pin_pad;
  auto binding = token->binding();
  binding.pin = [](const pkcs11::TokenInfo& info,
                   pkcs11::UserType) -> std::optional<crypto::SecretBytes> {
    CHECK(info.flags.protected_authentication_path);
    return std::nullopt;
  };
  bool officer_in = false;
  act::TokenSession open(pkcs11::Module::adopt(&table), binding, pkcs11::Access::kReadWrite,
                         [&](pkcs11::Session&) { officer_in = true; });
  CHECK(officer_in);
  CHECK(logins == 2);
  CHECK_NOTHROW(open.close());
}

TEST_CASE("A login that leaves the session logged out is not believed") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  table.C_Login = login_to_nothing;
  const auto failure = failure_of([&] {
    act::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadOnly);
  });
  CHECK(failure.code == "login-not-effective");
  CHECK(failure.kind == Kind::kToken);
}

TEST_CASE("A login of the officer that is said to be the user's is not believed") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  table.C_GetSessionInfo = always_the_user;
  const auto failure = failure_of([&] {
    act::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadWrite,
                      [](pkcs11::Session&) { FAIL("the officer is in"); });
  });
  CHECK(failure.code == "login-not-effective");
}

TEST_CASE("A token without a security officer says so") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  table.C_Login = no_such_user;
  const auto failure = failure_of([&] {
    act::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadWrite,
                      [](pkcs11::Session&) {});
  });
  CHECK(failure.code == "ckr-user-type-invalid");
  CHECK(failure.kind == Kind::kToken);
  CHECK(failure.hint.find("no security officer") != std::string::npos);
}

TEST_CASE("A token that is not there is reported with those that are") {
  const auto token = make_softhsm();
  if (!token) return;
  auto binding = token->binding();
  binding.uri = "pkcs11:token=Elsewhere";
  const auto failure = failure_of([&] { act::TokenSession(binding, pkcs11::Access::kReadOnly); });
  CHECK(failure.code == "token-not-found");
  CHECK(failure.kind == Kind::kToken);
  CHECK(failure.hint.find("token=TEST-soft") != std::string::npos);
}

TEST_CASE("Two tokens of one name must be told apart") {
  const auto token = make_softhsm();
  if (!token) return;
  token->folder.must(
      "softhsm2-util --init-token --free --label TEST-soft --pin user-1234 --so-pin officer-1234");
  const auto failure =
      failure_of([&] { act::TokenSession(token->binding(), pkcs11::Access::kReadOnly); });
  CHECK(failure.code == "token-ambiguous");
  CHECK(failure.hint.find("serial=") != std::string::npos);
}

TEST_CASE("A URI with a PIN in it, or that is none, is refused") {
  CHECK(failure_of([] { (void)pkcs11::TokenUri::parse("pkcs11:token=t?pin-value=1234"); }).code ==
        "uri-has-pin-value");
  CHECK(failure_of([] { (void)pkcs11::TokenUri::parse("token=t"); }).code == "uri-invalid");
  CHECK(failure_of([] { (void)pkcs11::TokenUri::parse("pkcs11:no-such-part=t"); }).code ==
        "uri-invalid");
  const auto uri = pkcs11::TokenUri::parse("pkcs11:token=t?module-path=/m.so&pin-source=file:/p");
  CHECK(uri.module_path() == "/m.so");
  CHECK(uri.pin_source() == "file:/p");
}

TEST_CASE("A module that others may change, or that is none, is not loaded") {
  const Workshop shop;
  const auto module = shop.put("module.so", as_bytes("no module"));
  std::filesystem::permissions(module, std::filesystem::perms(0666));
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = module.native()}); }).code ==
        "module-writable-by-others");
  std::filesystem::permissions(module, std::filesystem::perms(0600));
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = module.native()}); }).code ==
        "module-not-loadable");
  // A folder further up, which somebody else may exchange whole.
  const auto inside = shop.folder() / "open" / "lib";
  std::filesystem::create_directories(inside);
  std::filesystem::copy_file(module, inside / "module.so");
  std::filesystem::permissions(shop.folder() / "open", std::filesystem::perms(0777));
  CHECK(failure_of([&] {
          (void)pkcs11::Module::load({.path = (inside / "module.so").native()});
        }).code == "module-writable-by-others");
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = "module.so"}); }).code ==
        "module-not-absolute");
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = "/nowhere/m.so"}); }).code ==
        "module-unreadable");
}

TEST_CASE("A module that wants an init string and gets none says so") {
  const auto token = make_nss();
  if (!token) return;
  auto table = counting_table(*token);
  table.C_Initialize = initialize_by_text;
  const auto failure = failure_of([&] { (void)pkcs11::Module::adopt(&table); });
  CHECK(failure.code == "module-wants-init-args");
  CHECK(failure.kind == Kind::kToken);
  CHECK_NOTHROW((void)pkcs11::Module::adopt(&table, token->module.init_args));
}

TEST_CASE("A removed device is an HSM that is unavailable, and nothing is retried") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  act::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
                         pkcs11::Access::kReadOnly);
  table.C_FindObjectsInit = device_removed;
  const auto failure = failure_of([&] { (void)open.session().find(pkcs11::Template{}); });
  CHECK(failure.code == "ckr-device-removed");
  CHECK(failure.kind == Kind::kToken);
  CHECK(failure.hint.find("unavailable") != std::string::npos);
}

TEST_CASE("A forked child may not use the module") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadOnly);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto failure = failure_of([&] { (void)open.session().find(pkcs11::Template{}); });
    ::_exit(failure.code == "forked-after-initialize" ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("After close, the module is finalized and a second close does nothing") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  auto module = pkcs11::Module::adopt(&table);
  act::TokenSession open(module, token->binding(), pkcs11::Access::kReadOnly);
  open.close();
  CK_INFO info{};
  CHECK(real->C_GetInfo(&info) == CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK_NOTHROW(module->finalize());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
