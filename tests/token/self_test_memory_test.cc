// What one process remembers of its tokens, and what it asks again.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/self_test.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
int wraps = 0;
bool next_firmware = false;

CK_RV count_wraps(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                  CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  ++wraps;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

CK_RV tell_firmware(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (next_firmware) ++info->firmwareVersion.minor;
  return rv;
}

// How often the token wraps while one act asks whether it does direct OAEP with SHA-1.
int wraps_of_an_act(const TestToken& token, CK_FUNCTION_LIST& table, wrap::SelfTestMemory& memory) {
  wraps = 0;
  act::TokenSession open(pkcs11::Module::adopt(&table, token.module.init_args), token.binding(),
                         pkcs11::Access::kReadWrite);
  wrap::SelfTest tests(open.session(), memory);
  const wrap::Recipe recipe{.method = Method::kDirect,
                            .algorithm = {Scheme::kRsaOaep, Hash::kSha1}};
  CHECK(tests.prove(recipe, {.family = KeyFamily::kAes, .size = 256}, 2048).has_value());
  open.close();
  return wraps;
}

TEST_CASE("A process tests a token once and tests it again when its firmware is another") {
  const auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_WrapKey = count_wraps;
  table.C_GetTokenInfo = tell_firmware;

  wrap::SelfTestMemory memory;
  CHECK(wraps_of_an_act(*token, table, memory) > 0);
  CHECK(wraps_of_an_act(*token, table, memory) == 0);
  next_firmware = true;
  CHECK(wraps_of_an_act(*token, table, memory) > 0);
  wrap::SelfTestMemory nothing_yet;
  CHECK(wraps_of_an_act(*token, table, nothing_yet) > 0);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
