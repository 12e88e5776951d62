// Credentials sealed at real tokens; what a token sealed is opened by python3.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "act/token_session.h"
#include "credential/record.h"
#include "crypto/aes_gcm.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "dek/record.h"
#include "support/command.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/data_key.h"
#include "wrap/sealing.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;

CK_FUNCTION_LIST* genuine = nullptr;

// A KEK whose value the test knows, and a data key under it.
struct SealScene {
  std::unique_ptr<TestToken> token;
  std::unique_ptr<act::TokenSession> open{};
  Bytes kek_value{crypto::random_bytes(32)};
  std::optional<wrap::DataKeyWrap> proven{};
  wrap::Kek kek{};

  explicit SealScene(std::unique_ptr<TestToken> made, CK_FUNCTION_LIST* table = nullptr)
      : token(std::move(made)) {
    if (!token) return;
    open = table == nullptr
               ? std::make_unique<act::TokenSession>(token->binding(), pkcs11::Access::kReadOnly)
               : std::make_unique<act::TokenSession>(
                     pkcs11::Module::adopt(table, token->module.init_args), token->binding(),
                     pkcs11::Access::kReadOnly);
    proven.emplace(wrap::test_data_key_wrap(session(), 256));
    pkcs11::Template wanted;
    wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
        .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
        .set<Attr::kToken>(false)
        .set<Attr::kSensitive>(true)
        .set<Attr::kWrap>(true)
        .set<Attr::kUnwrap>(true)
        .set<Attr::kEncrypt>(false)
        .set<Attr::kDecrypt>(false);
    kek = {session().create_secret(wanted, crypto::SecretBytes(kek_value), "making the KEK"),
           "the KEK"};
  }
  [[nodiscard]] pkcs11::Session& session() const { return open->session(); }
  [[nodiscard]] wrap::WrappedKey new_dek() const {
    return wrap::make_data_key(session(), *proven, kek, 32);
  }
  [[nodiscard]] pkcs11::ObjectHandle opened(const wrap::WrappedKey& dek) const {
    return wrap::unwrap_data_key(session(), *proven, kek, dek, wrap::OpenedAs::kAes,
                                 wrap::OpenedFor::kToken);
  }
};

template <class Test>
void at_both_tokens(const Test& test) {
  for (auto* const make : {make_softhsm, make_nss}) {
    const SealScene scene(make());
    if (!scene.token) continue;
    CAPTURE(scene.token->name);
    test(scene);
    scene.open->close();
  }
}

std::string on_the_page(const std::string& language) {
  std::ifstream page(KEYRITE_SOURCE_DIR "/docs/formats/credential.md");
  std::string text{std::istreambuf_iterator<char>(page), {}};
  const auto from = text.find("```" + language + "\n") + language.size() + 4;
  return text.substr(from, text.find("```", from) - from);
}

const crypto::SecretBytes kSecret(as_bytes("sk_live_0123456789\n"));

TEST_CASE("The program of the format's page opens a sealed credential by the KEK's bytes") {
  at_both_tokens([](const SealScene& at) {
    const auto wrapped = at.new_dek();
    registry::Dek dek{.id = std::string(32, '4'),
                      .tenant = std::string(32, '2'),
                      .version = {std::string(32, '3'), 1},
                      .wrapped = wrapped.content,
                      .mechanism = std::string(wrap::key_wrap_name(wrapped.wrap))};
    registry::Credential row{.id = std::string(32, '1'), .tenant = dek.tenant, .dek = dek.id};
    row.service = "caf\xc3\xa9 \"and\" bar";
    row.environment = "production";
    const auto sealing = wrap::test_sealing(at.session(), *at.proven);
    const wrap::SessionObject key(at.session(), at.opened(wrapped));
    auto sealed = sealing.seal(key.handle(), as_bytes(credential::header_of(row, dek)), kSecret);
    CHECK(sealed.iv.size() == 12);
    row.iv = sealed.iv;
    row.sealed = sealed.content;
    const auto& folder = at.token->folder;
    folder.put("record", as_bytes(credential::record_of(row, dek).dump()));
    folder.put("open.py", as_bytes(on_the_page("python")));
    CHECK(as_text(folder.must("python3 open.py " + to_hex(at.kek_value) + " < record")) ==
          as_text(kSecret.reveal()));
  });
}

TEST_CASE("The record on the format's page is one that the code makes, and its program opens it") {
  const Json shown = parse_json(as_bytes(on_the_page("json")), "the page");
  const auto dek = dek::parse_record(shown["dek"].get<std::string>(), "the page");
  const Json header = parse_json(as_bytes(shown["header"].get<std::string>()), "the header");
  registry::Credential row{.id = header["id"], .tenant = header["tenant"], .dek = header["dek"]};
  row.service = header["service"];
  row.environment = header["environment"];
  row.scope = header["scope"];
  CHECK(credential::header_of(row, {.created = dek.created}) == shown["header"].get<std::string>());
  const Workshop shop;
  shop.put("record", as_bytes(on_the_page("json")));
  shop.put("open.py", as_bytes(on_the_page("python")));
  std::string kek;
  for (std::uint8_t i = 0; i < 32; ++i) kek += to_hex(Bytes{i});
  CHECK(as_text(shop.must("python3 open.py " + kek + " < record")) == "sk_test_0123456789");
}

TEST_CASE("A sealed secret opens with its own IV, header and data key alone") {
  at_both_tokens([](const SealScene& at) {
    const auto sealing = wrap::test_sealing(at.session(), *at.proven);
    const wrap::SessionObject key(at.session(), at.opened(at.new_dek()));
    const wrap::SessionObject other(at.session(), at.opened(at.new_dek()));
    const Bytes header = crypto::random_bytes(200);
    const auto sealed = sealing.seal(key.handle(), header, kSecret);
    const auto opened = sealing.open(key.handle(), header, sealed);
    CHECK(as_text(opened.reveal()) == as_text(kSecret.reveal()));
    const auto code = [&](pkcs11::ObjectHandle by, const Bytes& named,
                          const wrap::SealedSecret& record) {
      return failure_of([&] { (void)sealing.open(by, named, record); }).code;
    };
    Bytes renamed = header;
    renamed[7] ^= 1U;
    CHECK(code(key.handle(), renamed, sealed) == "sealed-record-bad");
    CHECK(code(key.handle(), {}, sealed) == "sealed-record-bad");
    CHECK(code(other.handle(), header, sealed) == "sealed-record-bad");
    for (std::size_t i = 0; i < sealed.content.size(); ++i) {
      auto damaged = sealed;
      damaged.content[i] ^= 0x10U;
      CHECK(code(key.handle(), header, damaged) == "sealed-record-bad");
    }
    auto iv = sealed;
    iv.iv[0] ^= 1U;
    CHECK(code(key.handle(), header, iv) == "sealed-record-bad");
    // Lengths that a changed row may have: an IV of none, which one token takes for a fixed one.
    for (const std::size_t size : {0U, 11U, 16U})
      CHECK(code(key.handle(), header, {Bytes(size), sealed.content}) == "sealed-record-bad");
    for (const std::size_t size : {0U, 4U, 16U, 9000U})
      CHECK(code(key.handle(), header, {sealed.iv, Bytes(size)}) == "sealed-record-bad");
    CHECK(failure_of([&] { (void)pkcs11::Mechanism::aes_gcm({}, header); }).code == "gcm-iv-size");
  });
}

TEST_CASE("The largest secret is sealed, and two of the same are different") {
  at_both_tokens([](const SealScene& at) {
    const auto sealing = wrap::test_sealing(at.session(), *at.proven);
    const crypto::SecretBytes large(crypto::random_bytes(wrap::kLargestSealedSecret));
    const wrap::SessionObject first(at.session(), at.opened(at.new_dek()));
    const wrap::SessionObject second(at.session(), at.opened(at.new_dek()));
    const auto one = sealing.seal(first.handle(), Bytes(1), large);
    const auto two = sealing.seal(second.handle(), Bytes(1), large);
    CHECK(one.content != two.content);
    CHECK(one.iv != two.iv);
    CHECK(as_text(sealing.open(second.handle(), Bytes(1), two).reveal()) ==
          as_text(large.reveal()));
  });
}

enum class Fault { kNone, kNoGcm, kNoHeader, kOther, kIll, kMemory };
Fault fault = Fault::kNone;

CK_RV begin(CK_RV (*init)(CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE),
            CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (mechanism->mechanism != CKM_AES_GCM) return init(session, mechanism, key);
  if (fault == Fault::kNoGcm) return CKR_MECHANISM_INVALID;
  if (fault != Fault::kNoHeader) return init(session, mechanism, key);
  CK_GCM_PARAMS params = *static_cast<CK_GCM_PARAMS*>(mechanism->pParameter);
  params.ulAADLen = 0;
  CK_MECHANISM without{CKM_AES_GCM, &params, sizeof(params)};
  return init(session, &without, key);
}
CK_RV encrypt_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return begin(genuine->C_EncryptInit, session, mechanism, key);
}
CK_RV decrypt_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return begin(genuine->C_DecryptInit, session, mechanism, key);
}
CK_RV decrypt(CK_SESSION_HANDLE session, CK_BYTE* input, CK_ULONG size, CK_BYTE* output,
              CK_ULONG* length) {
  const CK_RV rv = genuine->C_Decrypt(session, input, size, output, length);
  if (fault == Fault::kIll) return CKR_GENERAL_ERROR;
  if (fault == Fault::kMemory) return CKR_HOST_MEMORY;
  if (fault == Fault::kOther && output != nullptr && rv == CKR_OK) *output ^= 1U;
  return rv;
}

SealScene faulty(CK_FUNCTION_LIST& table) {
  auto token = make_softhsm();
  if (token) {
    genuine = real_table(token->module.path.value());
    table = *genuine;
    table.C_EncryptInit = encrypt_init;
    table.C_DecryptInit = decrypt_init;
    table.C_Decrypt = decrypt;
  }
  fault = Fault::kNone;
  return SealScene(std::move(token), &table);
}

TEST_CASE("A token that seals in another way, or not at all, seals nothing") {
  CK_FUNCTION_LIST table{};
  const SealScene at = faulty(table);
  if (!at.token) return;
  const auto failure = [&](Fault which) {
    fault = which;
    const auto failed = failure_of([&] { (void)wrap::test_sealing(at.session(), *at.proven); });
    fault = Fault::kNone;
    return failed;
  };
  for (const Fault which : {Fault::kNoGcm, Fault::kNoHeader, Fault::kOther})
    CHECK(failure(which).code == "secret-not-sealed");
  CHECK(failure(Fault::kMemory).code == "not-found-out");
  // Found right, and wrong afterwards.
  const auto sealing = wrap::test_sealing(at.session(), *at.proven);
  std::optional<wrap::SessionObject> key(std::in_place, at.session(), at.opened(at.new_dek()));
  fault = Fault::kOther;
  CHECK(failure_of([&] { (void)sealing.seal(key->handle(), Bytes(3), kSecret); }).code ==
        "seal-differs");
  fault = Fault::kNone;
  const auto sealed = sealing.seal(key->handle(), Bytes(3), kSecret);
  const auto opening = [&](Fault which) {
    fault = which;
    const auto failed = failure_of([&] { (void)sealing.open(key->handle(), Bytes(3), sealed); });
    fault = Fault::kNone;
    return failed;
  };
  CHECK(opening(Fault::kIll).code == "token-ill");
  CHECK(opening(Fault::kMemory).code == "ckr-host-memory");
  key.reset();  // it ends before the session does
  at.open->close();
}

TEST_CASE("AES-GCM of the host is that of the specification's test case 16") {
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes plain = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
      "b525b16aedf5aa0de657ba637b39");
  CHECK(
      to_hex(crypto::aes256_gcm_encrypt(key, from_hex("cafebabefacedbaddecaf888"),
                                        from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                                        plain)) ==
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10568"
      "28838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(failure_of([&] { (void)crypto::aes256_gcm_encrypt(key, Bytes(16), {}, plain); }).code ==
        "aes-iv-size");
  CHECK(failure_of([&] {
          (void)crypto::aes256_gcm_encrypt(Bytes(16), Bytes(12), {}, plain);
        }).code == "aes-key-size");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
