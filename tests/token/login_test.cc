// Tokens are found by URI, and no PIN is spent that need not be.
#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include "acts/token_session.h"
#include "base/file.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace {

CK_FUNCTION_LIST* real = nullptr;
CK_FLAGS added_flags = 0;
int logins = 0;

CK_RV token_info_with_flags(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if ((info->flags & CKF_TOKEN_INITIALIZED) != 0) info->flags |= added_flags;
  return rv;
}

CK_RV count_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG length) {
  ++logins;
  return real->C_Login(session, user, pin, length);
}

CK_RV device_removed(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/) {
  return CKR_DEVICE_REMOVED;
}

CK_FUNCTION_LIST counting_table(const TestToken& token) {
  real = real_table(token.module.path.value());
  added_flags = 0;
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
    acts::TokenSession(pkcs11::Module::adopt(&table), token->binding(), pkcs11::Access::kReadOnly);
  });
  CHECK(failure.code == "pin-wrong");
  CHECK(failure.kind == Kind::kPin);
  CHECK(logins == 1);
}

TEST_CASE("The last try, a locked PIN and one to be changed are refused before a PIN is spent") {
  struct Row {
    CK_FLAGS flag{};
    const char* code{};
  };
  for (const auto& row :
       {Row{CKF_USER_PIN_FINAL_TRY, "pin-final-try"}, Row{CKF_USER_PIN_LOCKED, "pin-locked"},
        Row{CKF_USER_PIN_TO_BE_CHANGED, "pin-to-be-changed"}}) {
    const auto token = make_softhsm();
    if (!token) return;
    auto table = counting_table(*token);
    added_flags = row.flag;
    bool asked = false;
    auto binding = token->binding();
    binding.pin = [&](const pkcs11::TokenInfo&,
                      pkcs11::UserType) -> std::optional<crypto::SecretBytes> {
      asked = true;
      return crypto::SecretBytes(as_bytes("user-1234"));
    };
    const auto failure = failure_of([&] {
      acts::TokenSession(pkcs11::Module::adopt(&table), binding, pkcs11::Access::kReadOnly);
    });
    CHECK(failure.code == row.code);
    CHECK(failure.kind == Kind::kPin);
    CHECK(logins == 0);
    CHECK_FALSE(asked);
  }
}

TEST_CASE("A token that is not there is reported with those that are") {
  const auto token = make_softhsm();
  if (!token) return;
  auto binding = token->binding();
  binding.uri = "pkcs11:token=Elsewhere";
  const auto failure = failure_of([&] { acts::TokenSession(binding, pkcs11::Access::kReadOnly); });
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
      failure_of([&] { acts::TokenSession(token->binding(), pkcs11::Access::kReadOnly); });
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
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = "module.so"}); }).code ==
        "module-not-absolute");
  CHECK(failure_of([&] { (void)pkcs11::Module::load({.path = "/nowhere/m.so"}); }).code ==
        "module-unreadable");
}

TEST_CASE("A module that wants an init string and gets none says so") {
  const auto token = make_nss();
  if (!token) return;
  const auto failure =
      failure_of([&] { (void)pkcs11::Module::load({.path = token->module.path}); });
  CHECK(failure.code == "module-wants-init-args");
  CHECK(failure.kind == Kind::kToken);
}

TEST_CASE("A removed device is an HSM that is unavailable, and nothing is retried") {
  const auto token = make_softhsm();
  if (!token) return;
  auto table = counting_table(*token);
  acts::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
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
  acts::TokenSession open(token->binding(), pkcs11::Access::kReadOnly);
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
  acts::TokenSession open(module, token->binding(), pkcs11::Access::kReadOnly);
  open.close();
  CK_INFO info{};
  CHECK(real->C_GetInfo(&info) == CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK_NOTHROW(module->finalize());
}

}  // namespace
}  // namespace keyrite::test
