// generate-kek makes every type with every usage on both tokens, and each key may do what was asked
// and nothing else.
#include <doctest/doctest.h>

#include <set>

#include "crypto/check_value.h"
#include "keys/generate_kek.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "token/raw_session.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Flag {
  CK_ATTRIBUTE_TYPE attribute{};
  const char* name{};
};
constexpr std::array<Flag, 9> kFlags{{{CKA_ENCRYPT, "ENCRYPT"},
                                      {CKA_DECRYPT, "DECRYPT"},
                                      {CKA_WRAP, "WRAP"},
                                      {CKA_UNWRAP, "UNWRAP"},
                                      {CKA_SIGN, "SIGN"},
                                      {CKA_SIGN_RECOVER, "SIGN_RECOVER"},
                                      {CKA_VERIFY, "VERIFY"},
                                      {CKA_VERIFY_RECOVER, "VERIFY_RECOVER"},
                                      {CKA_DERIVE, "DERIVE"}}};

std::set<std::string> usages_of(const RawSession& raw, CK_OBJECT_HANDLE object) {
  std::set<std::string> usages;
  for (const auto& flag : kFlags) {
    if (raw.is_true(object, flag.attribute)) usages.insert(flag.name);
  }
  return usages;
}

struct Expected {
  KeyUsage usage{};
  std::set<std::string> secret{};
  std::set<std::string> private_half{};
  std::set<std::string> public_half{};
};
const std::vector<Expected>& expectations() {
  static const std::vector<Expected> table{
      {KeyUsage::kWrap, {"WRAP", "UNWRAP"}, {"UNWRAP"}, {"WRAP"}},
      {KeyUsage::kEncrypt, {"ENCRYPT", "DECRYPT"}, {"DECRYPT"}, {"ENCRYPT"}},
      {KeyUsage::kSign, {"SIGN", "VERIFY"}, {"SIGN"}, {"VERIFY"}},
      {KeyUsage::kDerive, {}, {"DERIVE"}, {}}};
  return table;
}

keys::GenerateKekRequest request_for(const KeyType& type, KeyUsage usage) {
  keys::GenerateKekRequest request;
  request.type = type.name();
  request.usage = std::string(wrap::usage_name(usage));
  request.label = type.name() + "-" + *request.usage;
  return request;
}

void check_usages(const RawSession& raw, const keys::GenerateKekRequest& request,
                  const KeyType& type, const Expected& expected) {
  CAPTURE(request.label);
  if (type.is_secret()) {
    CHECK(usages_of(raw, raw.find(request.label, CKO_SECRET_KEY)) == expected.secret);
    return;
  }
  CHECK(usages_of(raw, raw.find(request.label, CKO_PRIVATE_KEY)) == expected.private_half);
  CHECK(usages_of(raw, raw.find(request.label, CKO_PUBLIC_KEY)) == expected.public_half);
}

// Every type but those in `not_made`, with every usage it can have.
void make_all(TestToken& token, const std::set<std::string>& not_made) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  const RawSession raw(real_table(token.module.path.value()), open);
  std::uint8_t number = 0;
  for (const auto& type : all_key_types()) {
    // RSA-4096 takes seconds to make and differs in nothing else.
    if (not_made.contains(type.name()) || type.size == 4096) continue;
    for (const auto& expected : expectations()) {
      const auto& possible = wrap::usages_of(type);
      if (std::find(possible.begin(), possible.end(), expected.usage) == possible.end()) continue;
      const auto request = request_for(type, expected.usage);
      const auto key = keys::perform(keys::plan(request, Bytes{++number}), open);
      CHECK_FALSE(key.used_by.empty());
      check_usages(raw, request, type, expected);
    }
  }
}

TEST_CASE("On SoftHSM a key of every type has the one usage asked for and no other attribute") {
  const auto token = make_softhsm();
  if (token) make_all(*token, {});
}

TEST_CASE("On NSS softoken a key of every type has the one usage asked for and no other") {
  const auto token = make_nss();
  if (token) make_all(*token, {"ec-secp256k1", "ed25519"});
}

// Every length at the edges of what HMAC keys can be.
void make_hmac_keys(TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  std::uint8_t number = 0;
  for (const unsigned bytes : {20U, 21U, 27U, 28U, 31U, 32U, 127U, 128U}) {
    const KeyType type{.family = KeyFamily::kGenericSecret, .size = bytes};
    CAPTURE(bytes);
    const auto key =
        keys::perform(keys::plan(request_for(type, KeyUsage::kSign), Bytes{++number}), open);
    const std::string hash = bytes < 28 ? "SHA_1" : bytes < 32 ? "SHA224" : "SHA256";
    CHECK(key.used_by == "C_Sign and C_Verify (CKM_" + hash + "_HMAC)");
    REQUIRE(key.check_values.size() == 2);
    CHECK(key.check_values[1].alg == crypto::kHkdfSha256);
  }
}

TEST_CASE("SoftHSM makes HMAC keys from 20 to 128 bytes") {
  const auto token = make_softhsm();
  if (token) make_hmac_keys(*token);
}

TEST_CASE("NSS softoken makes HMAC keys from 20 to 128 bytes") {
  const auto token = make_nss();
  if (token) make_hmac_keys(*token);
}

TEST_CASE("An HMAC key of 19 or of 129 bytes is refused before there is a token") {
  for (const char* type : {"generic-secret-19-bytes", "generic-secret-129-bytes"}) {
    keys::GenerateKekRequest request;
    request.type = type;
    request.label = "k";
    try {
      (void)keys::plan(request, Bytes{1});
      FAIL("planned");
    } catch (const Error& error) {
      CHECK(error.code() == "generic-secret-length");
      CHECK(error.kind() == Kind::kUsage);
    }
  }
}

// What the token derives with a key of usage derive is what openssl derives with the other halves.
void derive_with_openssl(TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  const RawSession raw(real_table(token.module.path.value()), open);
  const KeyType p256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};
  const auto request = request_for(p256, KeyUsage::kDerive);
  const auto key = keys::perform(keys::plan(request, Bytes{1}), open);
  const Workshop shop;
  shop.put("token.pem", as_bytes(key.public_key.value().pem()));
  shop.must("openssl ecparam -name prime256v1 -genkey -noout -out peer.pem");
  const Bytes spki = shop.must("openssl pkey -in peer.pem -pubout -outform DER");
  const ByteView point = ByteView(spki).last(65);
  const Bytes secret =
      raw.derive(raw.find(request.label, CKO_PRIVATE_KEY), Bytes(point.begin(), point.end()));
  CHECK(secret == shop.must("openssl pkeyutl -derive -inkey peer.pem -peerkey token.pem"));
}

TEST_CASE("A key of usage derive on SoftHSM agrees with openssl on a secret") {
  const auto token = make_softhsm();
  if (token) derive_with_openssl(*token);
}

TEST_CASE("A key of usage derive on NSS softoken agrees with openssl on a secret") {
  const auto token = make_nss();
  if (token) derive_with_openssl(*token);
}

TEST_CASE("On SoftHSM nobody gives a wrapping key a second usage later") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const RawSession raw(real_table(token->module.path.value()), open);
  const auto request = request_for({.family = KeyFamily::kAes, .size = 256}, KeyUsage::kWrap);
  const auto key = keys::perform(keys::plan(request, Bytes{1}), open);
  const auto handle = raw.find(request.label, CKO_SECRET_KEY);
  CHECK(raw.set_true(handle, CKA_DECRYPT) != CKR_OK);
  CHECK_FALSE(raw.is_true(handle, CKA_DECRYPT));
  const std::pair<std::string, std::string> told{"CKA_MODIFIABLE", "false"};
  CHECK(std::find(key.attributes.begin(), key.attributes.end(), told) != key.attributes.end());
}

TEST_CASE("What NSS softoken says of CKA_MODIFIABLE is told as it is") {
  const auto token = make_nss();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const RawSession raw(real_table(token->module.path.value()), open);
  const auto request = request_for({.family = KeyFamily::kAes, .size = 256}, KeyUsage::kWrap);
  const auto key = keys::perform(keys::plan(request, Bytes{1}), open);
  const auto handle = raw.find(request.label, CKO_SECRET_KEY);
  const bool changed = raw.set_true(handle, CKA_DECRYPT) == CKR_OK;
  const std::pair<std::string, std::string> told{"CKA_MODIFIABLE", changed ? "true" : "false"};
  CHECK(std::find(key.attributes.begin(), key.attributes.end(), told) != key.attributes.end());
}

TEST_CASE(
    "The check value of a wrapping key is the token's where that is right, else said why not") {
  const auto soft = make_softhsm();
  if (!soft) return;
  const KeyType aes{.family = KeyFamily::kAes, .size = 256};
  act::TokenSession open(soft->binding(), pkcs11::Access::kReadWrite);
  const auto key = keys::perform(keys::plan(request_for(aes, KeyUsage::kWrap), Bytes{1}), open);
  REQUIRE(key.check_values.size() == 2);
  CHECK(key.check_values[0].alg == "cka-check-value-aes-ecb-zero");
  CHECK(key.check_values[0].value.size() == 6);
  CHECK(key.no_check_value.empty());
}

TEST_CASE("On NSS softoken a wrapping key has the check value that needs no usage alone") {
  const auto token = make_nss();
  if (!token) return;
  const KeyType aes{.family = KeyFamily::kAes, .size = 256};
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const auto key = keys::perform(keys::plan(request_for(aes, KeyUsage::kWrap), Bytes{1}), open);
  REQUIRE(key.check_values.size() == 1);
  CHECK(key.check_values[0].alg == crypto::kHkdfSha256);
  CHECK(key.check_values[0].value.size() == 64);
  CHECK_FALSE(key.to_json().contains("no_check_value"));
  CHECK_FALSE(key.to_json().contains("no_key_check_value"));
}

CK_RV digests_no_key(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*key*/) {
  return CKR_KEY_INDIGESTIBLE;
}
CK_RV digests_not_now(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*key*/) {
  return CKR_DEVICE_MEMORY;
}

TEST_CASE("A token without C_DigestKey has no such check value, which result and log say") {
  const auto token = make_nss();
  if (!token) return;
  CK_FUNCTION_LIST table = *real_table(token->module.path.value());
  table.C_DigestKey = digests_no_key;
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  const auto request = request_for({.family = KeyFamily::kAes, .size = 256}, KeyUsage::kWrap);
  const auto key = keys::perform(keys::plan(request, Bytes{1}), open);
  CHECK(key.check_values.empty());
  CHECK(key.to_json()["no_check_value"] ==
        "the key may not encrypt, and the token has no CKA_CHECK_VALUE");
  CHECK(key.to_json()["no_key_check_value"].get<std::string>().find("CKR_KEY_INDIGESTIBLE") !=
        std::string::npos);
  CHECK(key.log_facts().json()["no_key_check_value"]["name"] == "CKR_KEY_INDIGESTIBLE");
  open.close();
}

TEST_CASE("Where a token cannot tell now, no key is made without its check value") {
  const auto token = make_nss();
  if (!token) return;
  CK_FUNCTION_LIST table = *real_table(token->module.path.value());
  table.C_DigestKey = digests_not_now;
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  const auto request = request_for({.family = KeyFamily::kAes, .size = 256}, KeyUsage::kWrap);
  const auto failure =
      failure_of([&] { (void)keys::perform(keys::plan(request, Bytes{1}), open); });
  CHECK(failure.code == "not-found-out");
  pkcs11::Template wanted;
  wanted.set<pkcs11::Attr::kId>(Bytes{1});
  CHECK(open.session().find(wanted).empty());
  open.close();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
