// Where a key came from, by the token's own word: what that is worth is found by a self-test.
#include <doctest/doctest.h>

#include "keys/key_origin.h"
#include "support/failure.h"
#include "support/fault_table.h"
#include "support/function_table.h"
#include "token/import_fixture.h"
#include "wrap/origin_test.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};
const KeyType kRsa{.family = KeyFamily::kRsa, .size = 2048};
const KeyType kP256{.family = KeyFamily::kEc, .curve = Curve::kP256};

keys::OriginFinding origin_of(const TestToken& token, act::TokenSession& open,
                              const std::string& label) {
  const auto target = keys::find_target(open.session(), label, std::nullopt);
  return keys::find_origin(open.session(), target, context_for(token), open.info());
}

// Written into the token, as whoever has the PIN can, and saying of itself what the token lets it.
void write_key(pkcs11::Session& session, const std::string& label, bool claims_local) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(true)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(true)
      .set<Attr::kEncrypt>(true)
      .set<Attr::kLabel>(label)
      .set<Attr::kId>(Bytes(label.begin(), label.end()));
  if (claims_local) wanted.set<Attr::kLocal>(true);
  (void)session.create_secret(wanted, crypto::SecretBytes(Bytes(32, 0x77)), "writing a key");
}

TEST_CASE("SoftHSM tells keys that it made from keys that were put in") {
  const auto token = make_softhsm();
  if (!token) return;
  for (const char* type : {"aes-256", "generic-secret-32-bytes", "ec-p256", "rsa-2048"})
    make_key(*token, type, type);
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  for (const KeyType& type : {kAes, kRsa, kP256})
    CHECK(wrap::local_word(open.session(), type) == wrap::OriginWord::kTells);
  CHECK_FALSE(open.session().undestroyed());
  for (const char* type : {"aes-256", "generic-secret-32-bytes", "ec-p256", "rsa-2048"}) {
    CAPTURE(type);
    const auto finding = origin_of(*token, open, type);
    CHECK(finding.origin == KeyOrigin::kToken);
    CHECK(finding.text() == "the token says it made it");
    CHECK(failure_of([&] { keys::require_origin(finding, KeyOrigin::kToken, type); }).code ==
          "no error");
    const auto refused =
        failure_of([&] { keys::require_origin(finding, KeyOrigin::kLogged, type); });
    CHECK(refused.code == "origin-not-logged");
    CHECK(refused.kind == Kind::kVerification);
    CHECK(refused.message.starts_with(std::string("the origin of \"") + type + "\" is: "));
    CHECK(refused.message.find("\n  log: none: the command runs without a site") !=
          std::string::npos);
  }
  write_key(open.session(), "written", false);
  const auto written = origin_of(*token, open, "written");
  CHECK(written.origin == KeyOrigin::kUnknown);
  CHECK(failure_of([&] { keys::require_origin(written, KeyOrigin::kToken, "written"); }).code ==
        "origin-not-told");
  CHECK(failure_of([&] { write_key(open.session(), "claiming", true); }).kind == Kind::kToken);
  open.close();
}

TEST_CASE("NSS says CKA_LOCAL of no key that it made and of each that claims it: unknown") {
  const auto token = make_nss();
  if (!token) return;
  for (const char* type : {"aes-256", "ec-p256"}) make_key(*token, type, type);
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  for (const KeyType& type : {kAes, kRsa, kP256})
    CHECK(wrap::local_word(open.session(), type) == wrap::OriginWord::kSilent);
  write_key(open.session(), "claiming", true);
  const auto claiming = open.session().find_one({.label = "claiming"});
  CHECK(open.session().read_bool(claiming, Attr::kLocal) == true);
  for (const char* label : {"aes-256", "ec-p256", "claiming"}) {
    CAPTURE(label);
    CHECK(origin_of(*token, open, label).origin == KeyOrigin::kUnknown);
  }
  open.close();
}

// A token that says true of every key's CKA_LOCAL.
CK_FUNCTION_LIST* real{};
CK_RV says_local(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR wanted,
                 CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (count == 1 && wanted->type == CKA_LOCAL && wanted->pValue != nullptr)
    *static_cast<CK_BBOOL*>(wanted->pValue) = CK_TRUE;
  return rv;
}

TEST_CASE("A token that says of every key that it made it is not believed") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = says_local;
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  CHECK(wrap::local_word(open.session(), kAes) == wrap::OriginWord::kBelieves);
  CHECK(wrap::local_word(open.session(), kP256) == wrap::OriginWord::kBelieves);
  CHECK(origin_of(*token, open, "k").origin == KeyOrigin::kUnknown);
  open.close();
}

TEST_CASE("A token into which nothing can be put is not believed either, and an outage is no no") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  CK_FUNCTION_LIST table = faulty_table(real_table(token->module.path.value()));
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  inject({.function = "C_UnwrapKey", .times = 0, .answer = CKR_FUNCTION_NOT_SUPPORTED});
  CHECK(wrap::local_word(open.session(), kP256) == wrap::OriginWord::kUntried);
  CHECK(wrap::local_word(open.session(), kAes) == wrap::OriginWord::kTells);
  inject({.function = "C_UnwrapKey", .times = 0, .answer = CKR_GENERAL_ERROR});
  CHECK(wrap::local_word(open.session(), kAes) == wrap::OriginWord::kUntried);
  CHECK(origin_of(*token, open, "k").origin == KeyOrigin::kUnknown);
  inject({.function = "C_UnwrapKey", .times = 0, .answer = CKR_DEVICE_ERROR});
  CHECK(failure_of([&] { (void)wrap::local_word(open.session(), kAes); }).code == "not-found-out");
  inject({.function = "C_UnwrapKey", .times = 1, .answer = CKR_DEVICE_ERROR});
  CHECK(wrap::local_word(open.session(), kAes) == wrap::OriginWord::kTells);
  inject_nothing();
  open.close();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
