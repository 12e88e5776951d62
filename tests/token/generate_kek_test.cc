// generate-kek on both tokens.
#include <doctest/doctest.h>

#include <map>

#include "keys/check_values.h"
#include "keys/generate_kek.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Bytes kId{0x0a, 0x0b};

keys::GenerateKekRequest request_for(const std::string& type, const std::string& label) {
  keys::GenerateKekRequest request;
  request.type = type;
  request.label = label;
  return request;
}

struct Failure {
  std::string code{};
  Kind kind{};
};

template <class Work>
Failure failure_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.code(), error.kind()};
  }
  return {"no error"};
}

Bytes id_number(std::size_t number) { return {static_cast<std::uint8_t>(number + 1)}; }

TEST_CASE(
    "SoftHSM makes a key of every type, each read back, tried, and with the template of its "
    "usage") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  std::size_t number = 0;
  for (const auto& type : all_key_types()) {
    auto request = request_for(type.name(), type.name());
    request.extractable = true;
    const auto key = keys::perform(keys::plan(request, id_number(number++)), open);
    CHECK_FALSE(key.used_by.empty());
    const std::map<std::string, std::string> read(key.attributes.begin(), key.attributes.end());
    CHECK(read.at("CKA_SENSITIVE") == "true");
    CHECK(read.at("CKA_PRIVATE") == "true");
    CHECK(read.at("CKA_EXTRACTABLE") == "true");
    CHECK(key.public_key.has_value() == !type.is_secret());
    // Never two usages on one key.
    int usages = 0;
    for (const char* usage : {"CKA_WRAP", "CKA_ENCRYPT", "CKA_SIGN"}) {
      usages += read.contains(usage) && read.at(usage) == "true" ? 1 : 0;
    }
    CHECK(usages <= 1);
  }
  open.close();
}

TEST_CASE("What a token cannot make is refused with its own answer, and nothing stays") {
  const auto token = make_nss();
  if (!token) return;
  const std::string code =
      lists_eddsa(*token) ? "ckr-domain-params-invalid" : "ckr-mechanism-invalid";
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const auto before = open.session().find(pkcs11::Template{}).size();
  CHECK(failure_of([&] {
          (void)keys::perform(keys::plan(request_for("ed25519", "e"), kId), open);
        }).code == code);
  CHECK(failure_of([&] {
          (void)keys::perform(keys::plan(request_for("ec-secp256k1", "s"), kId), open);
        }).code == "ckr-domain-params-invalid");
  CHECK(open.session().find(pkcs11::Template{}).size() == before);
  CHECK_FALSE(keys::perform(keys::plan(request_for("aes-256", "a"), kId), open).used_by.empty());
}

TEST_CASE("The check value of an AES key is what openssl computes from the key") {
  const auto token = make_softhsm();
  if (!token) return;
  // The only way to a key that openssl knows is to put it in; the check value is then the token's.
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  using pkcs11::Attr;
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kEncrypt>(true);
  const std::string hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const auto key =
      open.session().create_secret(wanted, crypto::SecretBytes(from_hex(hex)), "making");
  const auto values = keys::check_values(open.session(), {.family = KeyFamily::kAes, .size = 256},
                                         KeyUsage::kEncrypt, key, std::nullopt);
  const Workshop shop;
  shop.put("zero", Bytes(16));
  const Bytes ecb = shop.must("openssl enc -aes-256-ecb -nopad -in zero -K " + hex);
  const Bytes cmac =
      shop.must("openssl mac -cipher AES-256-CBC -macopt hexkey:" + hex + " -binary -in zero CMAC");
  REQUIRE(values.size() == 3);
  CHECK(values[0] == crypto::CheckValue{"aes-ecb-zero", to_hex(ByteView(ecb).first(3))});
  CHECK(values[1] == crypto::CheckValue{"aes-cmac-zero", to_hex(ByteView(cmac).first(5))});
  const Bytes hkdf = shop.must(
      "openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:" + hex +
      " -kdfopt 'info:Key Check Value' -kdfopt hexsalt:" + std::string(64, '0') + " -binary HKDF");
  CHECK(values[2] == crypto::CheckValue{"hkdf-sha256-key-check-value", to_hex(hkdf)});
}

TEST_CASE("A taken label and a taken id are refused before a key is made") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  (void)keys::perform(keys::plan(request_for("aes-256", "one"), kId), open);
  auto failure = failure_of(
      [&] { (void)keys::perform(keys::plan(request_for("aes-256", "one"), Bytes{0x0c}), open); });
  CHECK(failure.code == "label-taken");
  CHECK(failure.kind == Kind::kToken);
  failure = failure_of(
      [&] { (void)keys::perform(keys::plan(request_for("aes-256", "two"), kId), open); });
  CHECK(failure.code == "id-taken");
  CHECK(open.session().find(pkcs11::Template{}).size() == 1);
}

CK_FUNCTION_LIST* real = nullptr;

// Says of every key that it is not sensitive.
CK_RV never_sensitive(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                      CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (wanted->type == CKA_SENSITIVE && wanted->pValue != nullptr)
    *static_cast<CK_BBOOL*>(wanted->pValue) = CK_FALSE;
  return rv;
}

TEST_CASE("A key that does not come out as planned is destroyed again") {
  const auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = never_sensitive;
  act::TokenSession open(pkcs11::Module::adopt(&table), token->binding(),
                         pkcs11::Access::kReadWrite);
  const auto failure =
      failure_of([&] { (void)keys::perform(keys::plan(request_for("aes-256", "k"), kId), open); });
  CHECK(failure.code == "attribute-differs");
  CHECK(failure.kind == Kind::kToken);
  CHECK(open.session().find(pkcs11::Template{}).empty());
}

TEST_CASE("The public half is written as openssl reads it, and never over a file") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const Workshop shop;
  auto request = request_for("ec-p384", "k");
  request.public_out = (shop.folder() / "k.pem").native();
  const auto key = keys::perform(keys::plan(request, kId), open);
  CHECK(shop.must("openssl pkey -pubin -in k.pem -pubout -outform DER") == key.public_key->spki());
  request.label = "other";
  CHECK(failure_of([&] { (void)keys::perform(keys::plan(request, Bytes{0x0c}), open); }).code ==
        "output-exists");
  CHECK(open.session().find(pkcs11::Template{}.set<pkcs11::Attr::kLabel>("other")).empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
