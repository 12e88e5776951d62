// An operation that failed in its middle, which some tokens then leave active: the next one works,
// and the first cause is not lost.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
bool fails = false;
bool no_more_sessions = false;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};

CK_RV encrypt(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* out,
              CK_ULONG* length) {
  return fails ? CKR_DEVICE_ERROR : real->C_Encrypt(session, data, size, out, length);
}
CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify,
                   CK_SESSION_HANDLE* session) {
  if (no_more_sessions) return CKR_SESSION_COUNT;
  return real->C_OpenSession(slot, flags, application, notify, session);
}
CK_RV attribute_of_no_length(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/,
                             CK_ATTRIBUTE* wanted, CK_ULONG /*count*/) {
  wanted->ulValueLen = CK_UNAVAILABLE_INFORMATION;
  return CKR_DEVICE_ERROR;
}

struct Bench {
  explicit Bench(TestToken& token) {
    fails = false;
    no_more_sessions = false;
    real = real_table(token.module.path.value());
    table = *real;
    table.C_Encrypt = encrypt;
    table.C_OpenSession = open_session;
    open = std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table), token.binding(),
                                               pkcs11::Access::kReadWrite);
    key = open->session().generate_key(wrap::generation_mechanism(kAes),
                                       wrap::throwaway_templates(kAes).key, "making a key");
  }
  [[nodiscard]] Bytes encrypt_block() const {
    return open->session().encrypt(pkcs11::Mechanism::aes_ecb(), key, Bytes(16), "encrypting");
  }
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};
  pkcs11::ObjectHandle key{};
};

TEST_CASE(
    "After an operation that was not ended the next one works, with the same session objects") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token);
  const Bytes before = bench.encrypt_block();
  fails = true;
  CHECK(failure_of([&] { (void)bench.encrypt_block(); }).code == "ckr-device-error");
  fails = false;
  CHECK(bench.encrypt_block() == before);
  bench.open->close();
}

TEST_CASE("Where no other session is to be had the first cause is said with the second") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token);
  fails = true;
  no_more_sessions = true;
  CHECK(failure_of([&] { (void)bench.encrypt_block(); }).code == "ckr-device-error");
  const auto failure = failure_of([&] { (void)bench.encrypt_block(); });
  CHECK(failure.code == "ckr-operation-active");
  CHECK(failure.message ==
        "C_EncryptInit (CKM_AES_ECB) failed encrypting after this: C_Encrypt failed encrypting: "
        "CKR_DEVICE_ERROR (0x30): CKR_OPERATION_ACTIVE (0x90)");
  CHECK_FALSE(failure.hint.empty());
  no_more_sessions = false;
  fails = false;
}

TEST_CASE("An attribute that cannot be read for an outage is not an attribute without a value") {
  const auto token = make_softhsm();
  if (!token) return;
  Bench bench(*token);
  bench.table.C_GetAttributeValue = attribute_of_no_length;
  CHECK(failure_of([&] {
          (void)bench.open->session().read_bool(bench.key, pkcs11::Attr::kWrapWithTrusted);
        }).code == "ckr-device-error");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
