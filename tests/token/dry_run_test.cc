// What a dry run asks of the token, call by call.
#include <doctest/doctest.h>

#include <map>

#include "support/function_table.h"
#include "token/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
std::map<CK_USER_TYPE, int> logins;
int lasting = 0;  // objects that would stay, or that the officer would trust
int read_write_sessions = 0;

void look_at(const CK_ATTRIBUTE* wanted, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type != CKA_TOKEN && wanted[i].type != CKA_TRUSTED) continue;
    if (*static_cast<const CK_BBOOL*>(wanted[i].pValue) != CK_FALSE) ++lasting;
  }
}

CK_RV watch_login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG length) {
  ++logins[user];
  return real->C_Login(session, user, pin, length);
}

CK_RV watch_open(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                 CK_SESSION_HANDLE* session) {
  if ((flags & CKF_RW_SESSION) != 0) ++read_write_sessions;
  return real->C_OpenSession(slot, flags, application, notify, session);
}

CK_RV watch_create(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE* object) {
  look_at(wanted, count);
  return real->C_CreateObject(session, wanted, count, object);
}

CK_RV watch_generate(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
                     CK_ULONG count, CK_OBJECT_HANDLE* key) {
  look_at(wanted, count);
  return real->C_GenerateKey(session, mechanism, wanted, count, key);
}

std::shared_ptr<pkcs11::Module> watched(const TestToken& token) {
  static CK_FUNCTION_LIST table;
  real = real_table(token.module.path.value());
  table = *real;
  table.C_Login = watch_login;
  table.C_OpenSession = watch_open;
  table.C_CreateObject = watch_create;
  table.C_GenerateKey = watch_generate;
  return pkcs11::Module::adopt(&table, token.module.init_args);
}

TEST_CASE(
    "A dry run that would trust a wrapping key logs no officer in and makes nothing lasting") {
  const auto token = make_softhsm();
  if (!token) return;
  const AwsImport import;
  make_key(*token, "aes-256", "acme", {.usage = "encrypt", .trusted = true});
  auto request = import.request("acme", "RSAES_OAEP_SHA_1");
  request.trust_wrapping_key = true;
  const auto plan =
      dry_run(imports::read(request, request, test_now()), context_for(*token), watched(*token));
  CHECK(logins == std::map<CK_USER_TYPE, int>{{CKU_USER, 1}});
  CHECK(lasting == 0);
  CHECK(read_write_sessions == 0);
  REQUIRE(plan.bundles.size() == 1);
  CHECK(plan.bundles[0].recipe.evidence().outcome == wrap::Outcome::kWorks);
  CHECK(plan.trusting);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
