// Another public key under the id of a private key: whoever has a session can put it there, and
// everything that is proven later would be proven of that key.
#include <doctest/doctest.h>

#include "act/public_half.h"
#include "act/token_session.h"
#include "keys/target_key.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;

const KeyType kRsa{.family = KeyFamily::kRsa, .size = 2048};
const KeyType kP256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};
const KeyType kP521{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP521};
const KeyType kEd25519{.family = KeyFamily::kEd25519};

struct Row {
  KeyType type{};
  KeyUsage usage{};
};

pkcs11::KeyPair make_pair(pkcs11::Session& session, const Row& row, const std::string& name) {
  const auto templates = wrap::key_templates(row.type, {.token = true,
                                                        .extractable = true,
                                                        .usage = row.usage,
                                                        .label = name,
                                                        .id = Bytes(name.begin(), name.end())});
  return session.generate_key_pair(wrap::generation_mechanism(row.type), templates.public_half,
                                   templates.key, "making a key pair");
}

// Puts the public half of another key pair where that of `pair` was. The other pair has an id of
// its own: NSS takes two private keys of one id for one.
void exchange(pkcs11::Session& session, const Row& row, const pkcs11::KeyPair& pair,
              const std::string& name) {
  const auto other = make_pair(session, row, "other-" + name);
  const auto of_other = [&](Attr attribute) {
    return session.read_bytes(other.public_key, attribute).value_or(Bytes{});
  };
  pkcs11::Template forged;
  forged.set<Attr::kClass>(pkcs11::ObjectClass::kPublicKey)
      .set<Attr::kToken>(true)
      .set<Attr::kLabel>(name)
      .set<Attr::kId>(Bytes(name.begin(), name.end()));
  if (row.type.family == KeyFamily::kRsa) {
    forged.set<Attr::kKeyType>(pkcs11::KeyKind::kRsa)
        .set<Attr::kModulus>(of_other(Attr::kModulus))
        .set<Attr::kPublicExponent>(of_other(Attr::kPublicExponent));
  } else {
    forged
        .set<Attr::kKeyType>(row.type.family == KeyFamily::kEc ? pkcs11::KeyKind::kEc
                                                               : pkcs11::KeyKind::kEcEdwards)
        .set<Attr::kEcParams>(of_other(Attr::kEcParams))
        .set<Attr::kEcPoint>(of_other(Attr::kEcPoint));
  }
  session.destroy_object(pair.public_key, "removing the public half");
  (void)session.create_object(forged, "putting in another public key");
}

std::string code_of(pkcs11::Session& session, const std::string& label) {
  try {
    (void)keys::find_target(session, label, std::nullopt);
    return "found";
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kToken);
    return error.code();
  }
}

void try_rows(TestToken& token, const std::vector<Row>& rows) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  for (const Row& row : rows) {
    const std::string name = row.type.name() + "-" + std::string(wrap::usage_name(row.usage));
    CAPTURE(name);
    const auto pair = make_pair(session, row, name);
    CHECK(code_of(session, name) == "found");
    exchange(session, row, pair, name);
    CHECK(code_of(session, name) == "public-half-differs");
  }
}

TEST_CASE("A public key that is not the private key's half is refused by SoftHSM's keys") {
  const auto token = make_softhsm();
  if (!token) return;
  try_rows(*token, {{kRsa, KeyUsage::kSign},
                    {kRsa, KeyUsage::kEncrypt},
                    {kRsa, KeyUsage::kWrap},
                    {kP256, KeyUsage::kSign},
                    {kP256, KeyUsage::kDerive},
                    {kP521, KeyUsage::kDerive},
                    {kEd25519, KeyUsage::kSign}});
}

TEST_CASE("A public key that is not the private key's half is refused by keys of NSS") {
  const auto token = make_nss();
  if (!token) return;
  try_rows(*token, {{kRsa, KeyUsage::kEncrypt},
                    {kP256, KeyUsage::kSign},
                    {kP256, KeyUsage::kDerive},
                    {kP521, KeyUsage::kDerive}});
}

TEST_CASE("A private key that may do nothing to show its half is not wrapped") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto templates =
      wrap::key_templates(kP256, {.token = true, .extractable = true, .usage = KeyUsage::kSign});
  for (auto* half : {&templates.key, &templates.public_half})
    half->set<Attr::kLabel>("mute").set<Attr::kId>(Bytes{1});
  templates.key.set<Attr::kSign>(false).set<Attr::kDerive>(false);
  (void)open.session().generate_key_pair(wrap::generation_mechanism(kP256), templates.public_half,
                                         templates.key, "making a key pair");
  CHECK(code_of(open.session(), "mute") == "public-half-not-tried");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
