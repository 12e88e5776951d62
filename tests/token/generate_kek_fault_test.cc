// generate-kek when something fails between the key and its report: what it says of the token
// afterwards is true.
#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "keys/generate_kek.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
const Bytes kId{0x0a, 0x0b};

keys::GenerateKekPlan plan_for(const std::string& type) {
  keys::GenerateKekRequest request;
  request.type = type;
  request.label = "fresh";
  return keys::plan(request, kId);
}

CK_RV destroy_nothing(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/) { return CKR_OK; }

CK_RV sign_fails(CK_SESSION_HANDLE /*session*/, CK_BYTE* /*data*/, CK_ULONG /*size*/,
                 CK_BYTE* /*out*/, CK_ULONG* /*length*/) {
  return CKR_DEVICE_ERROR;
}

CK_RV sign_throws(CK_SESSION_HANDLE /*session*/, CK_BYTE* /*data*/, CK_ULONG /*size*/,
                  CK_BYTE* /*out*/, CK_ULONG* /*length*/) {
  throw std::runtime_error("not one of ours");
}

// A softhsm whose table `change` has altered.
struct Bench {
  template <class Change>
  explicit Bench(TestToken& token, const Change& change) {
    real = real_table(token.module.path.value());
    table = *real;
    change(table);
    open = std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table), token.binding(),
                                               pkcs11::Access::kReadWrite);
  }
  // Seen by another session: on the first an operation may still be active.
  [[nodiscard]] std::size_t objects() const {
    return pkcs11::Session::open(open->session().token(), pkcs11::Access::kReadOnly)
        .find({})
        .size();
  }
  // The Error of making a key of this type.
  [[nodiscard]] Error failure(const std::string& type) const {
    try {
      (void)keys::perform(plan_for(type), *open);
    } catch (const Error& error) {
      return error;
    }
    return {Kind::kFailed, "no-error", "the key was made"};
  }
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};
};

bool says(const Error& error, const std::string& text) {
  return error.message().find(text) != std::string::npos;
}

TEST_CASE("A key that the token keeps although it said destroyed is called remaining, exit 8") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) {
    table.C_Sign = sign_fails;
    table.C_DestroyObject = destroy_nothing;
  });
  const Error error = bench.failure("ec-p256");
  CHECK(error.kind() == Kind::kUnknownOutcome);
  CHECK(error.code() == "key-remains");
  CHECK(says(error, "REMAINS in the token as \"fresh\", id 0a0b (2 objects found)"));
  CHECK_FALSE(says(error, "destroyed again"));
  CHECK(error.hint().find("\"fresh\", id 0a0b") != std::string::npos);
  CHECK(error.ckr().value().name == "CKR_DEVICE_ERROR");
  CHECK(bench.objects() == 2);
}

TEST_CASE("A key taken back keeps what the token answered, and is gone") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_Sign = sign_fails; });
  const Error error = bench.failure("ec-p256");
  CHECK(error.code() == "ckr-device-error");
  CHECK(error.ckr().value().function == "C_Sign");
  CHECK(error.message() ==
        "C_Sign failed trying the new key; the new key was destroyed again: CKR_DEVICE_ERROR "
        "(0x30)");
  CHECK(bench.objects() == 0);
}

TEST_CASE("An exception that is not ours takes the key back too") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_Sign = sign_throws; });
  const Error error = bench.failure("ec-p256");
  CHECK(error.kind() == Kind::kInternal);
  CHECK(error.code() == "internal");
  CHECK(says(error, "not one of ours; the new key was destroyed again"));
  CHECK(bench.objects() == 0);
}

CK_OBJECT_HANDLE production_key = CK_INVALID_HANDLE;
CK_RV give_production_key(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                          CK_ATTRIBUTE* /*wanted*/, CK_ULONG /*count*/, CK_OBJECT_HANDLE* key) {
  *key = production_key;
  return CKR_OK;
}

TEST_CASE("A handle that is somebody else's key is not destroyed when the new key is taken back") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token,
                    [](CK_FUNCTION_LIST& table) { table.C_GenerateKey = give_production_key; });
  pkcs11::Session& session = bench.open->session();
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_BBOOL yes = CK_TRUE;
  CK_ULONG length = 32;
  std::string label = "production";
  std::array<CK_ATTRIBUTE, 3> wanted{{{CKA_TOKEN, &yes, sizeof(yes)},
                                      {CKA_VALUE_LEN, &length, sizeof(length)},
                                      {CKA_LABEL, label.data(), label.size()}}};
  CK_SESSION_HANDLE raw = 0;
  REQUIRE(real->C_OpenSession(session.token().slot(), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                              nullptr, &raw) == CKR_OK);
  REQUIRE(real->C_GenerateKey(raw, &mechanism, wanted.data(), wanted.size(), &production_key) ==
          CKR_OK);
  const Error error = bench.failure("aes-256");
  CHECK(error.kind() == Kind::kUnknownOutcome);
  CHECK(error.code() == "key-remains");
  CHECK(says(error, "1 object with another label and id, which keyrite did not touch"));
  CHECK(bench.objects() == 1);
}

// Another program makes a key of the same label just after this one found it free.
CK_RV make_two(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
               CK_ULONG count, CK_OBJECT_HANDLE* key) {
  std::vector<CK_ATTRIBUTE> theirs(wanted, wanted + count);
  std::array<CK_BYTE, 2> other_id{0xff, 0xff};
  for (auto& attribute : theirs) {
    if (attribute.type == CKA_ID) attribute.pValue = other_id.data();
  }
  CK_OBJECT_HANDLE other = CK_INVALID_HANDLE;
  const CK_RV rv = real->C_GenerateKey(session, mechanism, theirs.data(), count, &other);
  return rv == CKR_OK ? real->C_GenerateKey(session, mechanism, wanted, count, key) : rv;
}

TEST_CASE("Of two programs that make a key of one label at once neither keeps a second one") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_GenerateKey = make_two; });
  const Error error = bench.failure("aes-256");
  CHECK(error.kind() == Kind::kToken);
  CHECK(error.code() == "label-taken");
  CHECK(says(error, "at the same time; the new key was destroyed again"));
  CHECK(bench.objects() == 1);
}

CK_RV make_and_lose(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
                    CK_ULONG count, CK_OBJECT_HANDLE* key) {
  CK_OBJECT_HANDLE made = CK_INVALID_HANDLE;
  const CK_RV rv = real->C_GenerateKey(session, mechanism, wanted, count, &made);
  *key = CK_INVALID_HANDLE;
  return rv == CKR_OK ? CKR_DEVICE_ERROR : rv;
}

TEST_CASE("A key that was made although C_GenerateKey failed is found and taken back") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_GenerateKey = make_and_lose; });
  const Error error = bench.failure("aes-256");
  CHECK(error.code() == "ckr-device-error");
  CHECK(says(error, "the new key was destroyed again"));
  CHECK(bench.objects() == 0);
}

bool search_fails = false;

CK_RV lose_everything(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
                      CK_ULONG count, CK_OBJECT_HANDLE* key) {
  search_fails = true;
  return make_and_lose(session, mechanism, wanted, count, key);
}
CK_RV search(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  return search_fails ? CKR_DEVICE_REMOVED : real->C_FindObjectsInit(session, wanted, count);
}

TEST_CASE("When the token goes away in the middle the outcome is called unknown, exit 8") {
  const auto token = make_softhsm();
  if (!token) return;
  search_fails = false;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) {
    table.C_GenerateKey = lose_everything;
    table.C_FindObjectsInit = search;
  });
  const Error error = bench.failure("aes-256");
  CHECK(error.kind() == Kind::kUnknownOutcome);
  CHECK(error.code() == "key-remains");
  CHECK(says(error, "may have been made and REMAIN in the token as \"fresh\", id 0a0b"));
  search_fails = false;
  CHECK(bench.objects() == 1);
}

CK_ATTRIBUTE_TYPE unknown_from = 0;

// Knows none of the attributes from `unknown_from` on that only the full form names.
CK_RV picky(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* wanted,
            CK_ULONG count, CK_OBJECT_HANDLE* key) {
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type == CKA_MODIFIABLE || wanted[i].type == unknown_from)
      return CKR_ATTRIBUTE_TYPE_INVALID;
  }
  return real->C_GenerateKey(session, mechanism, wanted, count, key);
}

TEST_CASE(
    "A token that refuses an attribute of the template gets a shorter one, and that is told") {
  const auto token = make_softhsm();
  if (!token) return;
  for (const CK_ATTRIBUTE_TYPE also : {CKA_MODIFIABLE, CKA_DERIVE}) {
    unknown_from = also;
    const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_GenerateKey = picky; });
    const auto key = keys::perform(plan_for("aes-256"), *bench.open);
    const Json read = key.to_json()["attributes"];
    CHECK(read["CKA_MODIFIABLE"] == "true");
    CHECK(read["CKA_DERIVE"] == "false");
    CHECK(read["CKA_DECRYPT"] == "false");
    for (const auto handle : bench.open->session().find({}))
      bench.open->session().destroy_object(handle, "clearing");
    bench.open->close();
  }
}

CK_RV always_decrypts(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                      CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (wanted->type == CKA_DECRYPT && wanted->pValue != nullptr)
    *static_cast<CK_BBOOL*>(wanted->pValue) = CK_TRUE;
  return rv;
}

TEST_CASE("A wrapping key that may also decrypt is refused and taken back") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token,
                    [](CK_FUNCTION_LIST& table) { table.C_GetAttributeValue = always_decrypts; });
  const Error error = bench.failure("aes-256");
  CHECK(error.code() == "attribute-differs");
  CHECK(error.kind() == Kind::kToken);
  CHECK(says(error, "CKA_DECRYPT"));
  CHECK(bench.objects() == 0);
}

CK_RV wrong_block(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* out,
                  CK_ULONG* length) {
  const CK_RV rv = real->C_Decrypt(session, data, size, out, length);
  if (rv == CKR_OK && out != nullptr) out[0] ^= 1U;
  return rv;
}

TEST_CASE("A key that does not decrypt what it encrypted is unusable, and is taken back") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_Decrypt = wrong_block; });
  keys::GenerateKekRequest request;
  request.type = "aes-256";
  request.label = "fresh";
  request.usage = "encrypt";
  try {
    (void)keys::perform(keys::plan(request, kId), *bench.open);
    FAIL("made");
  } catch (const Error& error) {
    CHECK(error.code() == "key-unusable");
    CHECK(error.kind() == Kind::kToken);
  }
  CHECK(bench.objects() == 0);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
