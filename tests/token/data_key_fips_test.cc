// Data keys at a token that takes no plaintext and gives none.
#include <doctest/doctest.h>

#include <memory>

#include "act/token_session.h"
#include "crypto/random.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/data_key_in.h"
#include "wrap/data_key_out.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("On NSS softoken in FIPS mode a data key goes in by RSA-OAEP and comes out by it") {
  const auto token = make_nss();
  if (!token) return;
  const auto module =
      pkcs11::Module::adopt(fips_table(token->module.path.value()), token->module.init_args);
  act::TokenBinding binding = token->binding();
  for (const auto& one : pkcs11::list_tokens(module).tokens) {
    if (one.info().flags.login_required) binding.uri = one.info().uri();
  }
  act::TokenSession open(module, binding, pkcs11::Access::kReadOnly);
  auto& session = open.session();
  const auto proven = wrap::test_data_key_wrap(session, 256);
  const auto made =
      wrap::make_key(session, {.family = KeyFamily::kAes, .size = 256},
                     {.token = false, .usage = KeyUsage::kWrap}, "making the test's KEK");
  const wrap::Kek kek{made.key, "the KEK"};
  // They end before the session does.
  auto in = std::make_unique<wrap::DataKeyIn>(session, proven);
  auto out = std::make_unique<wrap::DataKeyOut>(session, proven);
  for (const std::size_t bytes : {16U, 20U, 32U}) {
    CAPTURE(bytes);
    const Bytes secret = crypto::random_bytes(bytes);
    const auto value = out->open(kek, in->wrap(kek, crypto::SecretBytes(secret)));
    CHECK(Bytes(value.reveal().begin(), value.reveal().end()) == secret);
  }
  out.reset();
  in.reset();
  open.close();
}

TEST_CASE("The wraps under an RSA KEK have the names of wrapping algorithms") {
  for (const auto& algorithm : all_wrapping_algorithms()) {
    const auto wrap = wrap::parse_key_wrap(algorithm.name());
    REQUIRE(wrap);
    CHECK(wrap::rsa_wrap(*wrap) == algorithm);
  }
  CHECK(!wrap::rsa_wrap(wrap::KeyWrap::kKwp));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
