// The session library on a real token.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <thread>

#include "act/token_session.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "pkcs11/session_pool.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::Mechanism;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};

pkcs11::ObjectHandle make_key(pkcs11::Session& session, const std::string& label, const Bytes& id) {
  const auto templates = wrap::key_templates(
      kAes,
      {.token = true, .extractable = true, .usage = KeyUsage::kEncrypt, .label = label, .id = id});
  return session.generate_key(Mechanism::aes_key_gen(), templates.key, "making a key");
}

// As another program does, which looks for nothing before.
void make_beside(CK_FUNCTION_LIST* functions, CK_SLOT_ID slot, std::string label, CK_BYTE id) {
  CK_SESSION_HANDLE session = 0;
  REQUIRE(functions->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                   &session) == CKR_OK);
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_BBOOL yes = CK_TRUE;
  CK_ULONG length = 32;
  std::array<CK_ATTRIBUTE, 4> wanted{{{CKA_TOKEN, &yes, sizeof(yes)},
                                      {CKA_VALUE_LEN, &length, sizeof(length)},
                                      {CKA_LABEL, label.data(), label.size()},
                                      {CKA_ID, &id, sizeof(id)}}};
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  REQUIRE(functions->C_GenerateKey(session, &mechanism, wanted.data(), wanted.size(), &key) ==
          CKR_OK);
  REQUIRE(functions->C_CloseSession(session) == CKR_OK);
}

std::string code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kToken);
    return error.code();
  }
  return "no error";
}

TEST_CASE("Exactly one object must match, and the error names the others by id") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  CHECK(code_of([&] { (void)session.find_one({.label = "twice"}); }) == "object-not-found");
  (void)make_key(session, "twice", {0x01});
  make_beside(real_table(token->module.path.value()), session.token().slot(), "twice", 0x02);
  try {
    (void)session.find_one({.label = "twice"});
    FAIL("one of two was chosen");
  } catch (const Error& error) {
    CHECK(error.code() == "object-ambiguous");
    CHECK(error.hint().find("01") != std::string::npos);
    CHECK(error.hint().find("02") != std::string::npos);
  }
  const auto second = session.find_one({.label = "twice", .id = Bytes{0x02}});
  CHECK(session.read_bytes(second, Attr::kId) == Bytes{0x02});
}

TEST_CASE("Of keys that share an id the hint says what tells them apart") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  auto* functions = real_table(token->module.path.value());
  const auto hint_for = [&](const Bytes& id) {
    try {
      (void)session.find_one({.id = id});
    } catch (const Error& error) {
      CHECK(error.code() == "object-ambiguous");
      return error.hint();
    }
    return std::string("one was chosen");
  };
  (void)make_key(session, "dup1", {0x41});
  make_beside(functions, session.token().slot(), "dup2", 0x41);
  const std::string hint = hint_for({0x41});
  CHECK(hint.find("41, 41") == std::string::npos);
  CHECK(hint.find("\"dup1\" 41") != std::string::npos);
  CHECK(hint.find("\"dup2\" 41") != std::string::npos);
  CHECK_NOTHROW((void)session.find_one({.label = "dup1", .id = Bytes{0x41}}));
  make_beside(functions, session.token().slot(), "dup1", 0x41);
  CHECK(hint_for({0x41}).starts_with("they have the same label and id"));
}

TEST_CASE("Encryption and MAC in the token are what openssl computes") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const Bytes value = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kGenericSecret)
      .set<Attr::kToken>(false)
      .set<Attr::kSign>(true);
  const auto key = session.create_secret(wanted, crypto::SecretBytes(value), "making a key");
  const Workshop shop;
  shop.put("text", as_bytes("a text"));
  const Bytes mac =
      session.sign(Mechanism::hmac(crypto::Digest::kSha256), key, as_bytes("a text"), "signing");
  CHECK(as_text(shop.must("openssl dgst -sha256 -mac HMAC -macopt hexkey:" + to_hex(value) +
                          " -r text"))
            .starts_with(to_hex(mac)));
  CHECK(session.verify(Mechanism::hmac(crypto::Digest::kSha256), key, as_bytes("a text"), mac,
                       "verifying"));
  CHECK_FALSE(session.verify(Mechanism::hmac(crypto::Digest::kSha256), key, as_bytes("a tex"), mac,
                             "verifying"));
  CHECK(to_hex(session.digest_key(Mechanism::digest(crypto::Digest::kSha256), key, "digesting")) ==
        crypto::sha256_hex(value));
}

TEST_CASE("The value of a key is never read, and absent attributes are absent") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const auto key = make_key(session, "k", {0x01});
  try {
    (void)session.read_bytes(key, Attr::kValue);
    FAIL("a key's value was read");
  } catch (const Error& error) {
    CHECK(error.code() == "secret-attribute");
    CHECK(error.kind() == Kind::kInternal);
  }
  CHECK_FALSE(session.read_bytes(key, Attr::kModulus).has_value());
  CHECK(session.read_bool(key, Attr::kSensitive) == true);
  CHECK(session.read_text(key, Attr::kLabel) == "k");
  CHECK(session.read_ulong(key, Attr::kValueLen) == 32UL);
}

TEST_CASE("A destroyed object is gone") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const auto key = make_key(session, "k", {0x01});
  CHECK(session.exists(key));
  session.destroy_object(key, "removing a key");
  CHECK_FALSE(session.exists(key));
}

TEST_CASE("A wrapped key is whole where the token's length query tells too little") {
  const auto token = make_nss();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  const auto kek = session.generate_key(
      Mechanism::aes_key_gen(),
      wrap::key_templates(kAes, {.token = false, .usage = KeyUsage::kWrap}).key, "making");
  const auto key =
      session.generate_key(Mechanism::aes_key_gen(), wrap::throwaway_templates(kAes).key, "making");
  const auto kwp = Mechanism::aes_key_wrap(pkcs11::kwp_candidates().front());
  CHECK(session.wrap_key_length(kwp, kek, key, "asking") < 40);
  CHECK(session.wrap_key(kwp, kek, key, "wrapping").size() == 40);
}

TEST_CASE("A pool lends each session to one thread at a time, under one login") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  const auto key = make_key(open.session(), "k", {0x01});
  const Bytes zero = open.session().encrypt(Mechanism::aes_ecb(), key, Bytes(16), "encrypting");
  pkcs11::SessionPool pool(open.session().token(), pkcs11::Access::kReadOnly, 2);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        const auto session = pool.lend();
        const auto found = session->find_one({.label = "k"});
        if (session->encrypt(Mechanism::aes_ecb(), found, Bytes(16), "encrypting") == zero) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(right == 100);
}

TEST_CASE("A template keeps the last value, and shows no key") {
  pkcs11::Template wanted;
  wanted.set<Attr::kLabel>("first")
      .set<Attr::kLabel>("second")
      .set<Attr::kToken>(true)
      .set<Attr::kValueLen>(32UL);
  wanted.set<Attr::kValue>(Bytes{1, 2, 3});
  const Json json = wanted.to_json();
  CHECK(json["CKA_LABEL"] == "second");
  CHECK(json["CKA_TOKEN"] == "true");
  CHECK(json["CKA_VALUE_LEN"] == "32");
  CHECK(json["CKA_VALUE"] == "(not shown)");
}

// What must not compile: the wrong type for an attribute.
template <Attr attribute, class Value>
concept Settable = requires(pkcs11::Template wanted, Value value) {
  wanted.set<attribute>(value);
};

TEST_CASE("An attribute takes its own type and no other") {
  CHECK(Settable<Attr::kToken, bool>);
  CHECK_FALSE(Settable<Attr::kToken, int>);
  CHECK_FALSE(Settable<Attr::kToken, unsigned long>);
  CHECK(Settable<Attr::kValueLen, unsigned long>);
  CHECK_FALSE(Settable<Attr::kValueLen, bool>);
  CHECK_FALSE(Settable<Attr::kValueLen, int>);
  CHECK(Settable<Attr::kClass, pkcs11::ObjectClass>);
  CHECK_FALSE(Settable<Attr::kClass, unsigned long>);
  CHECK_FALSE(Settable<Attr::kClass, pkcs11::KeyKind>);
  CHECK(Settable<Attr::kLabel, std::string>);
  CHECK_FALSE(Settable<Attr::kLabel, int>);
  CHECK(Settable<Attr::kId, Bytes>);
  CHECK_FALSE(Settable<Attr::kId, std::string>);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
