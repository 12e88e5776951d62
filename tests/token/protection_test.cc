// What tokens protect is found out, not believed.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "base/error.h"
#include "support/test_token.h"
#include "wrap/protection.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("SoftHSM keeps unextractable keys and refuses untrusted wrapping keys") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  CHECK(wrap::unextractable_stays(open.session()) == wrap::Enforcement::kEnforced);
  CHECK(wrap::untrusted_is_refused(open.session()) == wrap::Enforcement::kEnforced);
  CHECK(open.session().find(pkcs11::Template{}).empty());
  open.close();
}

TEST_CASE(
    "NSS softoken wraps unextractable keys and ignores CKA_WRAP_WITH_TRUSTED, and that is said") {
  const auto token = make_nss();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  CHECK(wrap::unextractable_stays(open.session()) == wrap::Enforcement::kNotEnforced);
  CHECK(wrap::untrusted_is_refused(open.session()) == wrap::Enforcement::kNotEnforced);
  open.close();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
