// What a survey of a whole token sees, and what it says when it does not see the key it must see.
#include "keys/token_survey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/bytes.h"
#include "support/command.h"
#include "support/failure.h"
#include "token/import_fixture.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::ObjectClass;

const Bytes kLogKey{0x0a, 0x0b};

void make_pair(act::TokenSession& open) {
  const KeyType type = parse_key_type("ec-p256");
  const auto wanted =
      wrap::key_templates(type, {.usage = KeyUsage::kSign, .label = "log", .id = kLogKey});
  (void)open.session().generate_key_pair(wrap::generation_mechanism(type), wanted.public_half,
                                         wanted.key, "making a key of a log");
}

TEST_CASE("A survey sees each key by its check value, and not the key of the log") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  make_pair(open);
  const Bytes value(32, 0x42);
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(true)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(true)
      .set<Attr::kLabel>("known")
      .set<Attr::kId>(Bytes{0x0c});
  (void)open.session().create_secret(wanted, crypto::SecretBytes(value), "writing a key");
  const auto found = keys::survey_token(open, kLogKey);
  REQUIRE(found.size() == 1);
  CHECK(found[0].label == "known");
  CHECK(found[0].type->name() == "aes-256");
  REQUIRE(found[0].check_values.size() == 1);
  const Bytes hkdf = Workshop().must(
      "openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:" + to_hex(value) +
      " -kdfopt 'info:Key Check Value' -kdfopt hexsalt:" + std::string(64, '0') + " -binary HKDF");
  CHECK(found[0].check_values[0].value == to_hex(hkdf));
  const auto extractable = std::ranges::find(found[0].attributes, "CKA_EXTRACTABLE",
                                             &keys::NamedValues::value_type::first);
  REQUIRE(extractable != found[0].attributes.end());
  CHECK(extractable->second == "true");
}

TEST_CASE("A survey that does not see the key of the log proves nothing") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  make_pair(open);
  CHECK(failure_of([&] { (void)keys::survey_token(open, Bytes{0x0d}); }).code ==
        "log-key-not-seen");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
