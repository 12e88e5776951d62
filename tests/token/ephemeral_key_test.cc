// The ephemeral AES key of a two-layer wrap may wrap and nothing else, on both tokens.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "crypto/random.h"
#include "support/test_token.h"
#include "wrap/ephemeral_key.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

void check_wraps_only(const pkcs11::Session& session, pkcs11::ObjectHandle key) {
  for (const auto usage : wrap::usage_attributes(pkcs11::ObjectClass::kSecretKey)) {
    const std::string name(pkcs11::attribute_info(usage).name);
    CAPTURE(name);
    CHECK(session.read_bool(key, usage) == (usage == pkcs11::Attr::kWrap));
  }
}

void check_both(TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  auto made = wrap::EphemeralKey::generate(open.session());
  check_wraps_only(open.session(), made.handle());
  CHECK(open.session().read_bool(made.handle(), pkcs11::Attr::kExtractable) == true);
  made.destroy();
  auto given = wrap::EphemeralKey::import(open.session(), crypto::random_secret(32));
  check_wraps_only(open.session(), given.handle());
  given.destroy();
}

TEST_CASE("The ephemeral key on SoftHSM wraps and does nothing else") {
  const auto token = make_softhsm();
  if (token) check_both(*token);
}

TEST_CASE("The ephemeral key on NSS softoken wraps and does nothing else") {
  const auto token = make_nss();
  if (token) check_both(*token);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
