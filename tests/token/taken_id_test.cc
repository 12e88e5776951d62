// An id or a label that is taken is never given to another token object: one token destroys the
// object that has it, and says CKR_OK.
#include <doctest/doctest.h>

#include <functional>

#include "act/token_session.h"
#include "crypto/secret_bytes.h"
#include "keys/generate_kek.h"
#include "support/failure.h"
#include "support/fault_table.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::Mechanism;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};
const KeyType kP256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};

wrap::KeyTemplates templates_of(const KeyType& type, const std::string& label, const Bytes& id) {
  return wrap::key_templates(type,
                             {.token = true,
                              .extractable = true,
                              .usage = type.is_secret() ? KeyUsage::kEncrypt : KeyUsage::kSign,
                              .label = label,
                              .id = id});
}

pkcs11::Template value_template(const std::string& label, const Bytes& id) {
  return pkcs11::Template{}
      .set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(true)
      .set<Attr::kEncrypt>(true)
      .set<Attr::kLabel>(label)
      .set<Attr::kId>(id);
}

void check_taken(TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const Bytes id{0x01};
  const auto key = session.generate_key(Mechanism::aes_key_gen(),
                                        templates_of(kAes, "first", id).key, "making a key");
  const auto pair = session.generate_key_pair(
      Mechanism::ec_key_pair_gen(), templates_of(kP256, "pair", {0x02}).public_half,
      templates_of(kP256, "pair", {0x02}).key, "making a key pair");
  const auto block_of = [&] {
    return session.encrypt(Mechanism::aes_ecb(), key, Bytes(16), "encrypting");
  };
  const Bytes block = block_of();
  const Bytes point = session.read_ec_point(pair.public_key);
  const auto wrapping = session.generate_key(
      Mechanism::aes_key_gen(),
      wrap::key_templates(kAes, {.token = false, .usage = KeyUsage::kWrap}).key, "making a key");
  const auto kwp =
      Mechanism::aes_key_wrap(pkcs11::kwp_candidates()[token.name == "SoftHSM" ? 1 : 0]);
  const Bytes wrapped = session.wrap_key(kwp, wrapping, key, "wrapping");

  struct Row {
    const char* code{};
    std::string label{};
    Bytes id{};
  };
  for (const auto& row : {Row{"id-taken", "second", id}, Row{"label-taken", "first", {0x09}}}) {
    const std::vector<std::function<void()>> creations{
        [&] {
          (void)session.generate_key(Mechanism::aes_key_gen(),
                                     templates_of(kAes, row.label, row.id).key, "making a key");
        },
        [&] {
          (void)session.create_secret(value_template(row.label, row.id),
                                      crypto::SecretBytes(Bytes(32)), "putting in");
        },
        [&] {
          (void)session.unwrap_key(kwp, wrapping, wrapped, value_template(row.label, row.id),
                                   "unwrapping");
        }};
    for (const auto& create : creations) {
      const auto failure = failure_of(create);
      CHECK(failure.code == row.code);
      CHECK(failure.kind == Kind::kToken);
      CHECK_FALSE(failure.hint.empty());
    }
  }
  const auto again = templates_of(kP256, "other", {0x02});
  CHECK(failure_of([&] {
          (void)session.generate_key_pair(Mechanism::ec_key_pair_gen(), again.public_half,
                                          again.key, "making a key pair");
        }).code == "id-taken");
  // A session object harms nobody.
  (void)session.unwrap_key(kwp, wrapping, wrapped,
                           value_template("first", id).set<Attr::kToken>(false), "unwrapping");
  CHECK(block_of() == block);
  CHECK(session.read_ec_point(pair.public_key) == point);
  open.close();
}

TEST_CASE("No creation of a token object on NSS takes an id or a label that is in use") {
  const auto token = make_nss();
  if (!token) return;
  check_taken(*token);
}

TEST_CASE("No creation of a token object on SoftHSM takes an id or a label that is in use") {
  const auto token = make_softhsm();
  if (!token) return;
  check_taken(*token);
}

keys::GenerateKekPlan plan_for(const std::string& type) {
  keys::GenerateKekRequest request;
  request.type = type;
  request.label = "fresh";
  return keys::plan(request, Bytes{0x0a, 0x0b});
}

TEST_CASE("A key that was made although the answer gave no reason is not made a second time") {
  const auto token = make_nss();
  if (!token) return;
  CK_FUNCTION_LIST table = faulty_table(real_table(token->module.path.value()));
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  inject({.function = "C_GenerateKey",
          .times = 0,
          .answer = CKR_GENERAL_ERROR,
          .blow = Blow::kAnswerAfter});
  const auto failure = failure_of([&] { (void)keys::perform(plan_for("aes-256"), open); });
  CHECK(failure.code == "ckr-general-error");
  CHECK(failure.message.find("the new key was destroyed again") != std::string::npos);
  CHECK(struck() == 1);
  inject_nothing();
  CHECK(open.session().find(pkcs11::Template{}.set<Attr::kLabel>("fresh")).empty());
}

CK_FUNCTION_LIST* real = nullptr;
CK_RV refusal = CKR_OK;

// Does not take CKA_MODIFIABLE.
CK_RV picky(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
            CK_ULONG count, CK_OBJECT_HANDLE* key) {
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type == CKA_MODIFIABLE) return refusal;
  }
  return real->C_GenerateKey(session, mechanism, wanted, count, key);
}

TEST_CASE("Whatever a token calls an attribute that it does not take, it gets a shorter template") {
  const auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GenerateKey = picky;
  act::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
                         pkcs11::Access::kReadWrite);
  for (const CK_RV answer : {CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT,
                             CKR_ATTRIBUTE_READ_ONLY, CKR_GENERAL_ERROR}) {
    refusal = answer;
    const auto key = keys::perform(plan_for("aes-256"), open);
    CHECK(key.to_json()["attributes"]["CKA_MODIFIABLE"] == "true");
    for (const auto handle : open.session().find({}))
      open.session().destroy_object(handle, "clearing");
  }
  refusal = CKR_DEVICE_ERROR;
  CHECK(failure_of([&] { (void)keys::perform(plan_for("aes-256"), open); }).code ==
        "ckr-device-error");
  CHECK(open.session().find({}).empty());
}

// Takes no usage that is said to be false.
CK_RV allows_only(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_half,
                  CK_ULONG public_count, CK_ATTRIBUTE* private_half, CK_ULONG private_count,
                  CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  const auto is_false_usage = [](const CK_ATTRIBUTE& a) {
    return a.type >= CKA_ENCRYPT && a.type <= CKA_DERIVE &&
           *static_cast<const CK_BBOOL*>(a.pValue) == CK_FALSE;
  };
  if (std::any_of(public_half, public_half + public_count, is_false_usage) ||
      std::any_of(private_half, private_half + private_count, is_false_usage))
    return CKR_ATTRIBUTE_VALUE_INVALID;
  return real->C_GenerateKeyPair(session, mechanism, public_half, public_count, private_half,
                                 private_count, public_key, private_key);
}

TEST_CASE("A token that takes no usage that is false gets those alone that are true") {
  const auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GenerateKeyPair = allows_only;
  act::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
                         pkcs11::Access::kReadWrite);
  const auto key = keys::perform(plan_for("ec-p256"), open);
  CHECK(key.to_json()["attributes"]["CKA_SIGN"] == "true");
  CHECK(key.to_json()["attributes"]["CKA_EXTRACTABLE"] == "false");
  CHECK(key.used_by.text().starts_with("C_Sign"));
}

// As one token does: nothing is set behind CKA_MODIFIABLE=false.
CK_RV unwrap_in_order(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key,
                      CK_BYTE* wrapped, CK_ULONG length, CK_ATTRIBUTE* wanted, CK_ULONG count,
                      CK_OBJECT_HANDLE* made) {
  for (CK_ULONG i = 0; i + 1 < count; ++i) {
    if (wanted[i].type == CKA_MODIFIABLE) return CKR_ATTRIBUTE_READ_ONLY;
  }
  return real->C_UnwrapKey(session, mechanism, key, wrapped, length, wanted, count, made);
}

TEST_CASE("C_UnwrapKey gets CKA_MODIFIABLE last, wherever the template has it") {
  const auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_UnwrapKey = unwrap_in_order;
  act::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
                         pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const auto wrapping = session.generate_key(
      Mechanism::aes_key_gen(),
      wrap::key_templates(kAes, {.token = false, .usage = KeyUsage::kWrap}).key, "making a key");
  const auto key = session.generate_key(Mechanism::aes_key_gen(),
                                        wrap::throwaway_templates(kAes).key, "making a key");
  const auto kwp = Mechanism::aes_key_wrap(pkcs11::kwp_candidates()[1]);
  const auto wanted = pkcs11::Template{}
                          .set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
                          .set<Attr::kModifiable>(false)
                          .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
                          .set<Attr::kToken>(false)
                          .set<Attr::kEncrypt>(true);
  const auto copy = session.unwrap_key(kwp, wrapping, session.wrap_key(kwp, wrapping, key, "w"),
                                       wanted, "unwrapping");
  CHECK(session.encrypt(Mechanism::aes_ecb(), copy, Bytes(16), "e") ==
        session.encrypt(Mechanism::aes_ecb(), key, Bytes(16), "e"));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
