// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What wrap and pkcs11 refuse of a token and of a caller, by its code.
#include <doctest/doctest.h>

#include "act/pins.h"
#include "act/token_session.h"
#include "crypto/throwaway_rsa.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};
const KeyType kP256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};

TEST_CASE("A blob whose length the algorithm cannot give is refused") {
  const auto rsa = crypto::ThrowawayRsa::make(2048);
  const auto code = [&](Scheme scheme, const KeyType& type, std::size_t size) {
    const wrap::Recipe recipe{
        .method = scheme == Scheme::kRsaOaep ? Method::kDirect : Method::kComposed,
        .algorithm = {scheme, Hash::kSha256}};
    const auto failure =
        failure_of([&] { wrap::require_blob_shape(recipe, rsa.public_key(), type, Bytes(size)); });
    CHECK((failure.code == "no error" || failure.kind == Kind::kToken));
    return failure.code;
  };
  CHECK(code(Scheme::kRsaOaep, kAes, 256) == "no error");
  for (const std::size_t size : {0U, 255U, 257U})
    CHECK(code(Scheme::kRsaOaep, kAes, size) == "wrap-size");
  CHECK(code(Scheme::kRsaAesKeyWrap, kAes, 256 + 40) == "no error");
  for (const std::size_t size : {256U, 256U + 32U, 256U + 48U})
    CHECK(code(Scheme::kRsaAesKeyWrap, kAes, size) == "wrap-size");
  CHECK(code(Scheme::kRsaAesKeyWrap, kP256, 256 + 144) == "no error");
  for (const std::size_t size : {256U + 8U, 256U + 145U})
    CHECK(code(Scheme::kRsaAesKeyWrap, kP256, size) == "wrap-size");
}

TEST_CASE("A usage that no key has is refused") {
  CHECK(wrap::parse_usage("sign") == KeyUsage::kSign);
  const auto failure = failure_of([] { (void)wrap::parse_usage("verify"); });
  CHECK(failure.code == "usage-unknown");
  CHECK(failure.kind == Kind::kUsage);
}

TEST_CASE("A secret key has no public half, and nothing that could be read as one") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(
      pkcs11::Module::adopt(real_table(token->module.path.value()), token->module.init_args),
      token->binding(), pkcs11::Access::kReadWrite);
  const auto templates = wrap::throwaway_templates(kAes);
  const auto key =
      open.session().generate_key(wrap::generation_mechanism(kAes), templates.key, "making");
  const auto read_as = [&](const KeyType& type) {
    return failure_of([&] { (void)wrap::read_public_key(open.session(), key, type); });
  };
  CHECK(read_as(kAes).code == "secret-has-no-public-half");
  CHECK(read_as(kAes).kind == Kind::kInternal);
  const auto rsa = read_as({.family = KeyFamily::kRsa, .size = 2048});
  CHECK(rsa.code == "public-half-unreadable");
  CHECK(rsa.kind == Kind::kToken);
}

TEST_CASE("A session that is not logged in does not pass for one that is") {
  const auto token = make_softhsm();
  if (!token) return;
  act::Pins pins(token->binding().pin);
  act::TokenSession open(
      pkcs11::Module::adopt(real_table(token->module.path.value()), token->module.init_args),
      token->binding(), pkcs11::Access::kReadOnly, pins);
  const auto failure = failure_of([&] { open.session().require_login(); });
  CHECK(failure.code == "login-lost");
  CHECK(failure.kind == Kind::kToken);
  open.log_user_in();
  CHECK_NOTHROW(open.session().require_login());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
