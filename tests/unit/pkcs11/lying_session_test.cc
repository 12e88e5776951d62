// CKR_OK alone is not believed: what came with it is looked at.
#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "act/token_session.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::Mechanism;

CK_FUNCTION_LIST* real = nullptr;
CK_OBJECT_HANDLE other_object = 0;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};

// A session with SoftHSM, through a table whose entries a test replaces at any time.
struct Bench {
  std::unique_ptr<TestToken> token = make_softhsm();
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};

  Bench() {
    if (!token) return;
    real = real_table(*token->module.path);
    table = *real;
    open = std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table), token->binding(),
                                               pkcs11::Access::kReadWrite);
  }
  [[nodiscard]] pkcs11::Session& session() const { return open->session(); }
  [[nodiscard]] pkcs11::ObjectHandle make_key(const std::string& label, const Bytes& id) const {
    const auto templates = wrap::key_templates(
        kAes, {.token = true, .usage = KeyUsage::kWrap, .label = label, .id = id});
    return session().generate_key(Mechanism::aes_key_gen(), templates.key, "making a key");
  }
};

void check_refused(const std::string& code, const std::function<void()>& work) {
  const auto failure = failure_of(work);
  CHECK(failure.code == code);
  CHECK(failure.kind == Kind::kToken);
  CHECK_FALSE(failure.hint.empty());
}

CK_RV generate_nothing(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                       CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/, CK_OBJECT_HANDLE* key) {
  *key = CK_INVALID_HANDLE;
  return CKR_OK;
}

CK_RV generate_half_a_pair(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                           CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/, CK_ATTRIBUTE* /*wanted*/,
                           CK_ULONG /*count*/, CK_OBJECT_HANDLE* public_key,
                           CK_OBJECT_HANDLE* private_key) {
  *public_key = 1;
  *private_key = CK_INVALID_HANDLE;
  return CKR_OK;
}

CK_RV create_nothing(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/,
                     CK_OBJECT_HANDLE* object) {
  *object = CK_INVALID_HANDLE;
  return CKR_OK;
}

CK_RV unwrap_nothing(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                     CK_OBJECT_HANDLE /*key*/, CK_BYTE* /*wrapped*/, CK_ULONG /*length*/,
                     CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/, CK_OBJECT_HANDLE* key) {
  *key = CK_INVALID_HANDLE;
  return CKR_OK;
}

CK_RV find_nothing_once(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* objects, CK_ULONG /*room*/,
                        CK_ULONG* count) {
  objects[0] = CK_INVALID_HANDLE;
  *count = 1;
  return CKR_OK;
}

CK_RV find_too_many(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* /*objects*/, CK_ULONG room,
                    CK_ULONG* count) {
  *count = room + 1;
  return CKR_OK;
}

CK_RV find_another(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG room,
                   CK_ULONG* count) {
  const CK_RV rv = real->C_FindObjects(session, objects, room, count);
  if (rv == CKR_OK && *count == 1) objects[0] = other_object;
  return rv;
}

CK_RV wrap_nothing(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                   CK_OBJECT_HANDLE /*wrapping*/, CK_OBJECT_HANDLE /*key*/, CK_BYTE* /*wrapped*/,
                   CK_ULONG* length) {
  *length = 0;
  return CKR_OK;
}

CK_RV wrap_endlessly(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                     CK_OBJECT_HANDLE /*wrapping*/, CK_OBJECT_HANDLE /*key*/, CK_BYTE* /*wrapped*/,
                     CK_ULONG* length) {
  *length = 100'000'000;
  return CKR_OK;
}

CK_RV endless_attribute(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/,
                        CK_ATTRIBUTE* wanted, CK_ULONG /*count*/) {
  wanted->ulValueLen = 65537;
  return CKR_OK;
}

// A CKA_EC_POINT that is neither an OCTET STRING nor a raw point.
CK_RV broken_point(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                   CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (rv == CKR_OK && wanted->type == CKA_EC_POINT && wanted->pValue != nullptr)
    *static_cast<CK_BYTE*>(wanted->pValue) = 0x30;
  return rv;
}

TEST_CASE("A handle of 0 that comes with CKR_OK names no object") {
  Bench bench;
  if (!bench.token) return;
  auto& session = bench.session();
  const auto key = bench.make_key("k", {0x01});
  const auto templates = wrap::throwaway_templates(kAes);
  bench.table.C_GenerateKey = generate_nothing;
  bench.table.C_GenerateKeyPair = generate_half_a_pair;
  bench.table.C_CreateObject = create_nothing;
  bench.table.C_UnwrapKey = unwrap_nothing;
  bench.table.C_FindObjects = find_nothing_once;
  check_refused("handle-invalid", [&] {
    (void)session.generate_key(Mechanism::aes_key_gen(), templates.key, "making");
  });
  check_refused("handle-invalid", [&] {
    (void)session.generate_key_pair(Mechanism::ec_key_pair_gen(), {}, {}, "making");
  });
  check_refused("handle-invalid", [&] { (void)session.create_object({}, "making"); });
  check_refused("handle-invalid", [&] {
    (void)session.create_secret({}, crypto::SecretBytes(as_bytes("k")), "making");
  });
  check_refused("handle-invalid", [&] {
    (void)session.unwrap_key(Mechanism::aes_ecb(), key, Bytes(40), {}, "unwrapping");
  });
  check_refused("handle-invalid", [&] { (void)session.find({}); });
  // The search that was broken off is ended: the next one is not refused.
  bench.table.C_FindObjects = real->C_FindObjects;
  CHECK(session.find_one({.label = "k"}) == key);
}

TEST_CASE("More objects than there is room for are not read") {
  Bench bench;
  if (!bench.token) return;
  bench.table.C_FindObjects = find_too_many;
  check_refused("length-beyond-buffer", [&] { (void)bench.session().find({}); });
  bench.table.C_FindObjects = real->C_FindObjects;
  CHECK(failure_of([&] { (void)bench.session().find({}); }).code == "no error");
}

TEST_CASE("An object without the label and id and class asked for is not taken") {
  Bench bench;
  if (!bench.token) return;
  auto& session = bench.session();
  const auto key = bench.make_key("mine", {0x01});
  other_object = static_cast<CK_OBJECT_HANDLE>(bench.make_key("other", {0x02}));
  CHECK(session.find_one({.label = "mine"}) == key);
  bench.table.C_FindObjects = find_another;
  check_refused("object-differs", [&] { (void)session.find_one({.label = "mine"}); });
  check_refused("object-differs", [&] { (void)session.find_one({.id = Bytes{0x01}}); });
  CHECK(session.find_one({.label = "other"}) == pkcs11::ObjectHandle{other_object});
}

TEST_CASE("An object of another class than asked for is not taken") {
  Bench bench;
  if (!bench.token) return;
  auto& session = bench.session();
  (void)bench.make_key("mine", {0x01});
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kPublicKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kRsa)
      .set<Attr::kToken>(true)
      .set<Attr::kLabel>("mine")
      .set<Attr::kModulus>(Bytes(256, 0x81))
      .set<Attr::kPublicExponent>(Bytes{0x01, 0x00, 0x01});
  other_object =
      static_cast<CK_OBJECT_HANDLE>(session.create_object(wanted, "making a public key"));
  bench.table.C_FindObjects = find_another;
  check_refused("object-differs", [&] {
    (void)session.find_one({.label = "mine", .object_class = pkcs11::ObjectClass::kSecretKey});
  });
}

TEST_CASE("A wrapped key of no bytes or of too many is refused") {
  Bench bench;
  if (!bench.token) return;
  auto& session = bench.session();
  const auto key = bench.make_key("k", {0x01});
  const auto wrap = [&] { (void)session.wrap_key(Mechanism::aes_ecb(), key, key, "wrapping"); };
  bench.table.C_WrapKey = wrap_nothing;
  check_refused("result-empty", wrap);
  bench.table.C_WrapKey = wrap_endlessly;
  check_refused("length-beyond-buffer", wrap);
}

TEST_CASE("An attribute that claims to be endless is not read") {
  Bench bench;
  if (!bench.token) return;
  const auto key = bench.make_key("k", {0x01});
  bench.table.C_GetAttributeValue = endless_attribute;
  check_refused("attribute-too-large", [&] { (void)bench.session().read_bytes(key, Attr::kId); });
}

TEST_CASE("A public point that is none is refused") {
  Bench bench;
  if (!bench.token) return;
  const auto templates =
      wrap::key_templates(parse_key_type("ec-p256"), {.token = false, .usage = KeyUsage::kSign});
  const auto pair = bench.session().generate_key_pair(
      Mechanism::ec_key_pair_gen(), templates.public_half, templates.key, "making a pair");
  CHECK(bench.session().read_ec_point(pair.public_key).size() == 65);
  bench.table.C_GetAttributeValue = broken_point;
  check_refused("ec-point-invalid", [&] { (void)bench.session().read_ec_point(pair.public_key); });
  // A private key has no point to read.
  check_refused("ec-point-invalid", [&] { (void)bench.session().read_ec_point(pair.private_key); });
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
