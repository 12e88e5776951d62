// Data keys at real tokens; what a token wrapped is opened by openssl and python3.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "act/token_session.h"
#include "base/error.h"
#include "crypto/aes_kwp.h"
#include "crypto/check_value.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "dek/open_kek.h"
#include "dek/record.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/key_wrap.h"
#include "support/test_token.h"
#include "wrap/data_key.h"
#include "wrap/data_key_in.h"
#include "wrap/data_key_out.h"
#include "wrap/key_check_value.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using wrap::KeyWrap;

CK_FUNCTION_LIST* real = nullptr;

// A KEK as a session object whose value the test knows.
wrap::Kek kek_of(pkcs11::Session& session, const Bytes& value, const char* name = "the KEK") {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(false)
      .set<Attr::kWrap>(true)
      .set<Attr::kUnwrap>(true)
      .set<Attr::kEncrypt>(false)
      .set<Attr::kDecrypt>(false);
  return {session.create_secret(wanted, crypto::SecretBytes(value), "making the test's KEK"), name};
}

// What a token of this name was measured to do (S26: SoftHSM 2.6.1; NSS: softoken 3.87).
struct Scene {
  std::unique_ptr<TestToken> token;
  std::unique_ptr<act::TokenSession> open{};
  Bytes kek_value{crypto::random_bytes(32)};
  std::optional<wrap::DataKeyWrap> proven{};
  wrap::Kek kek{};

  explicit Scene(std::unique_ptr<TestToken> made, CK_FUNCTION_LIST* table = nullptr)
      : token(std::move(made)) {
    if (!token) return;
    if (table != nullptr) {
      open =
          std::make_unique<act::TokenSession>(pkcs11::Module::adopt(table, token->module.init_args),
                                              token->binding(), pkcs11::Access::kReadOnly);
    } else {
      open = std::make_unique<act::TokenSession>(token->binding(), pkcs11::Access::kReadOnly);
    }
    proven.emplace(wrap::test_data_key_wrap(session(), 256));
    kek = kek_of(session(), kek_value);
  }
  [[nodiscard]] pkcs11::Session& session() const { return open->session(); }
  [[nodiscard]] Bytes opened_by_openssl(const wrap::WrappedKey& record) const {
    token->folder.put("record", record.content);
    return token->folder.must((record.wrap == KeyWrap::kKwp ? kwp_unwrap_line(to_hex(kek_value))
                                                            : kw_unwrap_line(to_hex(kek_value))) +
                              " < record");
  }
};

template <class Test>
void at_each_token(const Test& test) {
  for (auto* const make : {make_softhsm, make_nss}) {
    Scene scene(make());
    if (!scene.token) continue;
    CAPTURE(scene.token->name);
    test(scene);
    scene.open->close();
  }
}

TEST_CASE("A data key of each length opens with openssl under the KEK's bytes") {
  at_each_token([](Scene& at) {
    for (const std::size_t bytes : {16U, 24U, 32U}) {
      const auto record = wrap::make_data_key(at.session(), *at.proven, at.kek, bytes);
      CHECK(record.content.size() == bytes + 8);
      CHECK(at.opened_by_openssl(record).size() == bytes);
    }
  });
}

// The program of docs/formats/dek.md, and the record that it shows.
std::string documented(const std::string& language) {
  std::ifstream page(KEYRITE_SOURCE_DIR "/docs/formats/dek.md");
  std::string text{std::istreambuf_iterator<char>(page), {}};
  const auto from = text.find("```" + language + "\n") + language.size() + 4;
  return text.substr(from, text.find("```", from) - from);
}

TEST_CASE("The program of the format's page opens a record by the KEK's bytes") {
  at_each_token([](Scene& at) {
    const Bytes secret = crypto::random_bytes(32);
    const auto wrapped =
        wrap::wrap_data_key(at.session(), *at.proven, at.kek, crypto::SecretBytes(secret));
    const dek::Record record{.id = std::string(32, '1'),
                             .tenant = std::string(32, '2'),
                             .version = {std::string(32, '3'), 1},
                             .wrap = std::string(wrap::key_wrap_name(wrapped.wrap)),
                             .wrapped = wrapped.content};
    at.token->folder.put("record", as_bytes(dek::to_line(record)));
    at.token->folder.put("open.py", as_bytes(documented("python")));
    CHECK(as_text(at.token->folder.must("python3 open.py " + to_hex(at.kek_value) + " < record")) ==
          to_hex(secret) + "\n");
    CHECK(dek::to_line(dek::parse_record(documented("json"), "the page")) == documented("json"));
  });
}

TEST_CASE("What the host has is wrapped, opened to be given out, and is the same") {
  at_each_token([](Scene& at) {
    const Bytes secret = crypto::random_bytes(32);
    const auto record =
        wrap::wrap_data_key(at.session(), *at.proven, at.kek, crypto::SecretBytes(secret));
    CHECK(at.opened_by_openssl(record) == secret);
    const wrap::SessionObject key(
        at.session(), wrap::unwrap_data_key(at.session(), *at.proven, at.kek, record,
                                            wrap::OpenedAs::kSecret, wrap::OpenedFor::kCaller));
    const auto value = at.session().read_data_key(key.handle());
    REQUIRE(value.has_value());
    const ByteView shown = value->reveal();
    CHECK(Bytes(shown.begin(), shown.end()) == secret);
    CHECK(failure_of([&] { (void)at.session().read_data_key(at.kek.handle); }).code ==
          "secret-attribute");
  });
}

TEST_CASE("A token that extends 20 bytes by zeros does not wrap 20 bytes, nor by AES-KWP") {
  at_each_token([](Scene& at) {
    const crypto::SecretBytes secret(20);
    const bool nss = at.token->name == "NSS";
    if (nss) {
      const auto record = wrap::wrap_data_key(at.session(), *at.proven, at.kek, secret);
      CHECK(record.wrap == KeyWrap::kKwp);
      CHECK(at.opened_by_openssl(record).size() == 20);
      return;
    }
    CHECK(failure_of([&] {
            (void)wrap::wrap_data_key(at.session(), *at.proven, at.kek, secret);
          }).code == "data-key-not-wrapped");
    CHECK(at.proven->choose(32) == KeyWrap::kKw);
    // And opens what another token wrapped by AES-KWP.
    const Bytes other = crypto::random_bytes(32);
    const wrap::WrappedKey record{KeyWrap::kKwp, crypto::kwp_wrap(at.kek_value, other)};
    const wrap::SessionObject key(
        at.session(), wrap::unwrap_data_key(at.session(), *at.proven, at.kek, record,
                                            wrap::OpenedAs::kSecret, wrap::OpenedFor::kCaller));
    const auto value = at.session().read_data_key(key.handle()).value();
    CHECK(Bytes(value.reveal().begin(), value.reveal().end()) == other);
  });
}

TEST_CASE("A damaged record and one of another KEK are bad while the canary opens") {
  at_each_token([](Scene& at) {
    const auto canary = wrap::make_canary(at.session(), *at.proven, at.kek);
    const auto other = kek_of(at.session(), crypto::random_bytes(32), "another KEK");
    auto damaged = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
    damaged.content[9] ^= 1U;
    for (const auto& bad : {damaged, wrap::make_data_key(at.session(), *at.proven, other, 32)}) {
      try {
        (void)wrap::unwrap_data_key(at.session(), *at.proven, at.kek, bad, wrap::OpenedAs::kAes,
                                    wrap::OpenedFor::kToken);
        FAIL("it opened");
      } catch (const Error& error) {
        const auto told = wrap::judged(at.session(), *at.proven, at.kek, canary, error);
        CHECK(told.code() == "data-key-record-bad");
        CHECK(told.kind() == Kind::kVerification);
      }
    }
    CHECK(failure_of([&] { wrap::require_canary(at.session(), *at.proven, other, canary); }).code ==
          "canary-closed");
    wrap::KekCanary wrong = canary;
    wrong.wrapped = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
    CHECK(failure_of([&] { wrap::require_canary(at.session(), *at.proven, at.kek, wrong); }).code ==
          "canary-differs");
  });
}

bool ill = false;
CK_RV ill_unwrap(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE unwrapping,
                 CK_BYTE* wrapped, CK_ULONG length, CK_ATTRIBUTE* wanted, CK_ULONG count,
                 CK_OBJECT_HANDLE* key) {
  if (ill) return CKR_GENERAL_ERROR;
  return real->C_UnwrapKey(session, mechanism, unwrapping, wrapped, length, wanted, count, key);
}

TEST_CASE("A token that opens nothing any more says nothing of a record") {
  auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_UnwrapKey = ill_unwrap;
  Scene at(std::move(token), &table);
  const auto canary = wrap::make_canary(at.session(), *at.proven, at.kek);
  const auto record = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
  ill = true;
  try {
    (void)wrap::unwrap_data_key(at.session(), *at.proven, at.kek, record, wrap::OpenedAs::kAes,
                                wrap::OpenedFor::kToken);
    FAIL("it opened");
  } catch (const Error& error) {
    const auto told = wrap::judged(at.session(), *at.proven, at.kek, canary, error);
    CHECK(told.code() == "token-ill");
    CHECK(told.kind() == Kind::kToken);
  }
  ill = false;
  at.open->close();
}

bool short_of_memory = false;
CK_RV unwrap_without_memory(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                            CK_OBJECT_HANDLE unwrapping, CK_BYTE* wrapped, CK_ULONG length,
                            CK_ATTRIBUTE* wanted, CK_ULONG count, CK_OBJECT_HANDLE* key) {
  if (std::exchange(short_of_memory, false)) return CKR_HOST_MEMORY;
  return real->C_UnwrapKey(session, mechanism, unwrapping, wrapped, length, wanted, count, key);
}

TEST_CASE("A token that is short of memory just now says nothing of a record or a canary") {
  auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_UnwrapKey = unwrap_without_memory;
  Scene at(std::move(token), &table);
  const auto canary = wrap::make_canary(at.session(), *at.proven, at.kek);
  const auto record = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
  const auto next = kek_of(at.session(), crypto::random_bytes(32), "the next KEK");
  short_of_memory = true;
  const auto moving = failure_of([&] {
    (void)wrap::rewrap_data_keys(at.session(), *at.proven, at.kek, canary, next, {record});
  });
  CHECK(moving.code == "ckr-host-memory");
  short_of_memory = true;
  const auto opening =
      failure_of([&] { wrap::require_canary(at.session(), *at.proven, at.kek, canary); });
  CHECK(opening.code == "ckr-host-memory");
  at.open->close();
}

TEST_CASE("A data key that is moved to another KEK is the same one") {
  at_each_token([](Scene& at) {
    const auto record = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
    const Bytes before = at.opened_by_openssl(record);
    const Bytes next_value = crypto::random_bytes(32);
    const auto next = kek_of(at.session(), next_value, "the next KEK");
    const auto canary = wrap::make_canary(at.session(), *at.proven, at.kek);
    auto damaged = record;
    damaged.content[3] ^= 1U;
    const auto moved =
        wrap::rewrap_data_keys(at.session(), *at.proven, at.kek, canary, next, {damaged, record});
    REQUIRE(moved.size() == 2);
    CHECK(moved[0].refused.value().code() == "data-key-record-bad");
    at.kek_value = next_value;
    CHECK(at.opened_by_openssl(moved[1].record) == before);
  });
}

bool swaps = false;
Bytes swapped;
CK_RV swapping_wrap(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                    CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = real->C_WrapKey(session, mechanism, wrapping, key, out, length);
  if (swaps && rv == CKR_OK && out != nullptr && *length == swapped.size()) {
    std::copy(swapped.begin(), swapped.end(), out);
    swaps = false;
  }
  return rv;
}

TEST_CASE("A token that moves a data key to another one is found out") {
  auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_WrapKey = swapping_wrap;
  Scene at(std::move(token), &table);
  const auto next = kek_of(at.session(), crypto::random_bytes(32), "the next KEK");
  const auto record = wrap::make_data_key(at.session(), *at.proven, at.kek, 32);
  const auto canary = wrap::make_canary(at.session(), *at.proven, at.kek);
  swapped = wrap::make_data_key(at.session(), *at.proven, next, 32).content;
  swaps = true;
  CHECK(failure_of([&] {
          (void)wrap::rewrap_data_keys(at.session(), *at.proven, at.kek, canary, next, {record});
        }).code == "rewrap-differs");
  at.open->close();
}

bool keeps = false;
CK_RV keeping_create(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count,
                     CK_OBJECT_HANDLE* object) {
  for (CK_ULONG i = 0; keeps && i < count; ++i) {
    if (wanted[i].type == CKA_VALUE) return CKR_ATTRIBUTE_VALUE_INVALID;
  }
  return real->C_CreateObject(session, wanted, count, object);
}

TEST_CASE("A token that takes no key from the host is tested by a key that it wraps out") {
  auto token = make_nss();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_CreateObject = keeping_create;
  keeps = true;
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadOnly);
  CHECK(wrap::test_data_key_wrap(open.session(), 256).choose(20) == KeyWrap::kKwp);
  keeps = false;
  open.close();
}

bool withholds = false;
bool wraps_to_nobody = false;
CK_RV withholding(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                  CK_ULONG count) {
  if (withholds && count == 1 && wanted[0].type == CKA_VALUE) {
    wanted[0].ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_ATTRIBUTE_SENSITIVE;
  }
  return real->C_GetAttributeValue(session, object, wanted, count);
}
CK_RV wrapping_no_oaep(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                       CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE* out,
                       CK_ULONG* length) {
  if (wraps_to_nobody && mechanism->mechanism == CKM_RSA_PKCS_OAEP) return CKR_MECHANISM_INVALID;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

TEST_CASE("A token that shows no value wraps the data key to this process, or keeps it") {
  auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = withholding;
  table.C_WrapKey = wrapping_no_oaep;
  Scene at(std::move(token), &table);
  const Bytes secret = crypto::random_bytes(32);
  const auto record =
      wrap::wrap_data_key(at.session(), *at.proven, at.kek, crypto::SecretBytes(secret));
  {
    wrap::DataKeyOut out(at.session(), *at.proven);
    for (const bool withheld : {false, true, true}) {
      withholds = withheld;
      const auto value = out.open(at.kek, record);
      CHECK(Bytes(value.reveal().begin(), value.reveal().end()) == secret);
    }
    wraps_to_nobody = true;
    CHECK(failure_of([&] { (void)out.open(at.kek, record); }).code == "data-key-kept");
  }
  withholds = false;
  wraps_to_nobody = false;
  at.open->close();
}

CK_RV no_unwrap(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                CK_OBJECT_HANDLE /*unwrapping*/, CK_BYTE* /*wrapped*/, CK_ULONG /*length*/,
                CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/, CK_OBJECT_HANDLE* /*key*/) {
  return CKR_FUNCTION_NOT_SUPPORTED;
}

TEST_CASE("A token that opens nothing, or holds no key of a known value, is not used") {
  auto token = make_softhsm();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_UnwrapKey = no_unwrap;
  table.C_CreateObject = keeping_create;
  table.C_WrapKey = wrapping_no_oaep;
  Scene at(std::move(token), &table);
  CHECK(failure_of([&] { (void)at.proven->choose(32); }).code == "data-key-not-wrapped");
  CHECK(failure_of([&] { (void)at.proven->unwrapping(KeyWrap::kKw); }).code ==
        "data-key-not-unwrapped");
  keeps = true;
  wraps_to_nobody = true;
  CHECK(failure_of([&] { (void)wrap::test_data_key_wrap(at.session(), 256); }).code ==
        "no-known-kek");
  keeps = false;
  wraps_to_nobody = false;
  at.open->close();
}

TEST_CASE("A KEK that may decrypt is not used") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(pkcs11::KeyKind::kAes)
      .set<Attr::kToken>(true)
      .set<Attr::kId>(Bytes(16, 1))
      .set<Attr::kSensitive>(true)
      .set<Attr::kWrap>(true)
      .set<Attr::kUnwrap>(true)
      .set<Attr::kDecrypt>(true)
      .set<Attr::kEncrypt>(false)
      .set<Attr::kValueLen>(32UL);
  (void)open.session().generate_key(pkcs11::Mechanism::aes_key_gen(), wanted, "making a KEK");
  const dek::KekOnRecord record{.key = {.name = "payments", .type = "aes-256"},
                                .version = {.cka_id = Bytes(16, 1)}};
  CHECK(failure_of([&] { (void)dek::open_kek(open.session(), record); }).code == "kek-not-as-made");
  open.close();
}

TEST_CASE("The check value of a KEK is that of Google's rule, computed by python3") {
  at_each_token([](Scene& at) {
    const auto value = wrap::key_check_value(at.session(), at.kek.handle).value;
    REQUIRE(value.has_value());
    const Bytes outside = at.token->folder.must(
        "python3 -c 'import hmac,sys; prk=hmac.digest(bytes(32), bytes.fromhex(sys.argv[1]), "
        "\"sha256\"); print(hmac.digest(prk, b\"Key Check Value\\x01\", \"sha256\").hex(), "
        "end=\"\")' " +
        to_hex(at.kek_value));
    CHECK(value->value == as_text(outside));
  });
}

TEST_CASE("A data key from outside opens with openssl, by whatever way it went in") {
  at_each_token([](Scene& at) {
    wrap::DataKeyIn in(at.session(), *at.proven);
    const bool kwp = at.proven->choose(32) == KeyWrap::kKwp;
    for (const std::size_t bytes : {1U, 16U, 20U, 32U, 128U}) {
      CAPTURE(bytes);
      const Bytes secret = crypto::random_bytes(bytes);
      if (!kwp && bytes % 8 != 0) {
        CHECK(failure_of([&] { (void)in.wrap(at.kek, crypto::SecretBytes(secret)); }).code ==
              "data-key-not-wrapped");
        continue;
      }
      CHECK(at.opened_by_openssl(in.wrap(at.kek, crypto::SecretBytes(secret))) == secret);
    }
  });
}

bool unwraps_none = false;
CK_RV refusing_unwrap(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                      CK_OBJECT_HANDLE unwrapping, CK_BYTE* wrapped, CK_ULONG length,
                      CK_ATTRIBUTE* wanted, CK_ULONG count, CK_OBJECT_HANDLE* key) {
  if (unwraps_none) return CKR_FUNCTION_NOT_SUPPORTED;
  return real->C_UnwrapKey(session, mechanism, unwrapping, wrapped, length, wanted, count, key);
}

TEST_CASE("A token that takes a data key by neither way, or wraps another, is found out") {
  auto token = make_nss();
  if (!token) return;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_CreateObject = keeping_create;
  table.C_UnwrapKey = refusing_unwrap;
  table.C_WrapKey = swapping_wrap;
  Scene at(std::move(token), &table);
  const crypto::SecretBytes secret(crypto::random_bytes(32));
  std::optional<wrap::DataKeyIn> in(std::in_place, at.session(), *at.proven);
  swapped = wrap::make_data_key(at.session(), *at.proven, at.kek, 32).content;
  swaps = true;
  CHECK(failure_of([&] { (void)in->wrap(at.kek, secret); }).code == "data-key-differs");
  swaps = false;
  keeps = true;
  unwraps_none = true;
  CHECK(failure_of([&] { (void)in->wrap(at.kek, secret); }).code == "data-key-not-taken");
  keeps = false;
  unwraps_none = false;
  in.reset();  // it ends before the session does
  at.open->close();
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
