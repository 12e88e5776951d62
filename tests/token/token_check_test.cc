// token-check on both tokens, against what was measured of them with other programs; and on tokens
// that say OK and do something else.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "keys/generate_kek.h"
#include "pkcs11/token.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "token/whole_token_check.h"
#include "token_check/token_check.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// "group what" and what was found, with the CKR where the token answered one.
using Findings = std::map<std::string, std::string>;

Findings findings_of(const token_check::TokenCheckReport& report) {
  Findings findings;
  for (const auto& row : report.rows) {
    std::string text(token_check::finding_name(row));
    if (row.ckr) text += " " + row.ckr->name;
    const bool fresh =
        findings.emplace(std::string(row.group.text()) + " " + row.what.text(), text).second;
    CHECK_MESSAGE(fresh, "two rows are called " << row.what.text());
  }
  return findings;
}

void check_against(const token_check::TokenCheckReport& report, const Findings& expected) {
  const Findings found = findings_of(report);
  for (const auto& row : report.rows) {
    const std::string name = std::string(row.group.text()) + " " + row.what.text();
    CAPTURE(name);
    CAPTURE(row.detail);
    REQUIRE(expected.contains(name));
    CHECK(found.at(name) == expected.at(name));
  }
  CHECK(found.size() == expected.size());
}

// What both tokens do alike.
Findings common_findings() {
  Findings common;
  for (const char* type :
       {"aes-128", "aes-192", "aes-256", "generic-secret-20-bytes", "generic-secret-28-bytes",
        "generic-secret-32-bytes", "generic-secret-48-bytes", "generic-secret-64-bytes",
        "generic-secret-128-bytes", "rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384",
        "ec-p521"}) {
    common[std::string("make ") + type] = "works";
  }
  for (const char* use :
       {"AES-ECB", "AES-CBC", "CKM_SHA_1_HMAC", "CKM_SHA224_HMAC", "CKM_SHA256_HMAC",
        "CKM_SHA384_HMAC", "CKM_SHA512_HMAC", "CKM_ECDSA, ec-p256", "CKM_ECDSA, ec-p384",
        "CKM_ECDSA, ec-p521", "CKM_RSA_PKCS, rsa-2048", "CKM_RSA_PKCS_PSS, rsa-2048",
        "C_DigestKey, secret key", "EKCV, aes-256", "EKCV, generic-secret-32-bytes",
        "AES-GCM, sealed secret"}) {
    common[std::string("use ") + use] = "works";
  }
  for (const char* number : {"0x80000171", "0x8000216F"}) {
    for (const char* target : {", secret key", ", EC private key"})
      common[std::string("wrap RFC 5649 by ") + number + target] = "not tried";
  }
  common["wrap OAEP, RSA private key"] = "not tried";
  common["wrap OAEP SHA-1, secret key"] = "works";
  common["wrap transport key from the host"] = "works";
  common["wrap length query, OAEP"] = "works";
  common["wrap data key, 32 bytes"] = "works";
  common["wrap data key, read-only session"] = "works";
  common["protect CKA_TRUSTED by the officer"] = "not tried";
  return common;
}

Findings with(Findings base, const Findings& more) {
  for (const auto& [name, finding] : more) base[name] = finding;
  return base;
}

Findings softhsm_findings() {
  const std::string no_native = "refused CKR_MECHANISM_INVALID";
  return with(common_findings(),
              {{"make ec-secp256k1", "works"},
               {"make ed25519", "works"},
               {"wrap OAEP SHA-1, EC private key", "refused CKR_KEY_NOT_WRAPPABLE"},
               {"wrap OAEP SHA-256, secret key", "refused CKR_ARGUMENTS_BAD"},
               {"wrap OAEP SHA-256, EC private key", "refused CKR_ARGUMENTS_BAD"},
               {"wrap RSA-AES SHA-1, secret key", no_native},
               {"wrap RSA-AES SHA-1, EC private key", no_native},
               {"wrap RSA-AES SHA-1, RSA private key", no_native},
               {"wrap RSA-AES SHA-256, secret key", no_native},
               {"wrap RSA-AES SHA-256, EC private key", no_native},
               {"wrap RSA-AES SHA-256, RSA private key", no_native},
               {"wrap RFC 5649 by 0x210B, secret key", no_native},
               {"wrap RFC 5649 by 0x210B, EC private key", no_native},
               {"wrap RFC 5649 by 0x210A, secret key", "works"},
               {"wrap RFC 5649 by 0x210A, EC private key", "works"},
               {"wrap clean PKCS#8, ec-p256", "lies"},
               {"wrap clean PKCS#8, rsa-2048", "lies"},
               {"wrap length query, AES-KWP", "works"},
               {"wrap data key, 20 bytes", "refused"},
               {"use CKM_ECDSA, ec-secp256k1", "works"},
               {"use CKM_EDDSA, ed25519", "works"},
               {"use CKA_CHECK_VALUE, aes-256", "works"},
               {"protect CKA_EXTRACTABLE=false", "works"},
               {"protect CKA_LOCAL, secret key", "works"},
               {"protect CKA_LOCAL, private key", "works"},
               {"protect CKA_WRAP_WITH_TRUSTED=true", "works"}});
}

Findings nss_findings(const TestToken& token) {
  const std::string no_secret = "refused CKR_MECHANISM_INVALID";
  const std::string no_private = "refused CKR_KEY_TYPE_INCONSISTENT";
  const std::string no_ed25519 =
      lists_eddsa(token) ? "refused CKR_DOMAIN_PARAMS_INVALID" : "refused CKR_MECHANISM_INVALID";
  return with(common_findings(),
              {{"make ec-secp256k1", "refused CKR_DOMAIN_PARAMS_INVALID"},
               {"make ed25519", no_ed25519},
               {"wrap OAEP SHA-1, EC private key", "works"},
               {"wrap OAEP SHA-256, secret key", "works"},
               {"wrap OAEP SHA-256, EC private key", "works"},
               {"wrap RSA-AES SHA-1, secret key", no_secret},
               {"wrap RSA-AES SHA-1, EC private key", no_private},
               {"wrap RSA-AES SHA-1, RSA private key", no_private},
               {"wrap RSA-AES SHA-256, secret key", no_secret},
               {"wrap RSA-AES SHA-256, EC private key", no_private},
               {"wrap RSA-AES SHA-256, RSA private key", no_private},
               {"wrap RFC 5649 by 0x210B, secret key", "works"},
               {"wrap RFC 5649 by 0x210B, EC private key", "works"},
               {"wrap RFC 5649 by 0x210A, secret key", "lies"},
               {"wrap RFC 5649 by 0x210A, EC private key", "lies"},
               {"wrap clean PKCS#8, ec-p256", "works"},
               {"wrap clean PKCS#8, rsa-2048", "works"},
               {"wrap length query, AES-KWP", "lies"},
               {"wrap data key, 20 bytes", "works"},
               {"use CKM_ECDSA, ec-secp256k1", "refused CKR_DOMAIN_PARAMS_INVALID"},
               {"use CKM_EDDSA, ed25519", no_ed25519},
               {"use CKA_CHECK_VALUE, aes-256", "refused"},
               {"protect CKA_EXTRACTABLE=false", "lies"},
               {"protect CKA_LOCAL, secret key", "lies"},
               {"protect CKA_LOCAL, private key", "lies"},
               {"protect CKA_WRAP_WITH_TRUSTED=true", "lies"}});
}

TEST_CASE("On SoftHSM every row says what was measured, and the officer's row works") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto report = check_whole(*token, {.trusted = true});
  auto expected = softhsm_findings();
  expected["protect CKA_TRUSTED by the officer"] = "works";
  check_against(report, expected);
  CHECK(report.objects_before == 0);
  CHECK(report.to_json()["objects_after"] == 0);
}

TEST_CASE("On NSS softoken every row says what was measured") {
  const auto token = make_nss();
  if (!token) return;
  const auto report = check_whole(*token, {});
  check_against(report, nss_findings(*token));
  CHECK(report.objects_before == report.objects_after);
  for (const auto& row : report.rows) {
    if (row.what == "CKA_TRUSTED by the officer")
      CHECK(row.detail == "run the command again with --trusted and the security officer's PIN");
  }
}

TEST_CASE(
    "A token without a security officer gets one row that says so, and the rest of the table") {
  const auto token = make_nss();
  if (!token) return;
  auto expected = nss_findings(*token);
  expected["protect CKA_TRUSTED by the officer"] = "refused CKR_USER_TYPE_INVALID";
  check_against(check_whole(*token, {.trusted = true}), expected);
}

TEST_CASE("A wrong PIN of the security officer is an error and not a row") {
  const auto token = make_softhsm();
  if (!token) return;
  token->so_pin = "not-the-officer";
  try {
    (void)check_whole(*token, {.trusted = true});
    FAIL("checked");
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kPin);
    CHECK(error.code() == "pin-wrong");
  }
}

CK_FUNCTION_LIST* real = nullptr;

// token-check on a token whose table `change` has altered.
template <class Change>
token_check::TokenCheckReport check_altered(TestToken& token, const Change& change) {
  real = real_table(token.module.path.value());
  static CK_FUNCTION_LIST table;
  table = *real;
  change(table);
  act::TokenSession open(pkcs11::Module::adopt(&table, token.module.init_args), token.binding(),
                         pkcs11::Access::kReadWrite);
  return token_check::check_token(
      open, {.group = "protect", .what = act::Words("CKA_TRUSTED by the officer")});
}

// The row's finding, ": ", and how.
std::string row_text(const token_check::TokenCheckReport& report, const std::string& what) {
  for (const auto& row : report.rows) {
    if (row.what == what) return std::string(token_check::finding_name(row)) + ": " + row.detail;
  }
  return "no such row";
}

CK_RV claims_100_mb(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                    CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = real->C_WrapKey(session, mechanism, wrapping, key, out, length);
  if (out != nullptr && rv == CKR_OK) *length = 100'000'000;
  return rv;
}

TEST_CASE("A token that claims 100 MB from C_WrapKey gets rows that say it lies") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto report =
      check_altered(*token, [](CK_FUNCTION_LIST& table) { table.C_WrapKey = claims_100_mb; });
  const std::string claim =
      "lies: CKR_OK, but the token claims to have written 100000000 bytes into a buffer of 8192";
  CHECK(row_text(report, "OAEP SHA-1, secret key").starts_with(claim));
  CHECK(row_text(report, "RFC 5649 by 0x210A, secret key").starts_with(claim));
  CHECK(row_text(report, "length query, OAEP").starts_with(claim));
  CHECK(row_text(report, "AES-ECB") == "works: as computed on the host");
}

CK_RV point_off_the_curve(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                          CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (rv == CKR_OK && wanted->type == CKA_EC_POINT && wanted->pValue != nullptr)
    static_cast<CK_BYTE*>(wanted->pValue)[wanted->ulValueLen - 1] ^= 1U;
  return rv;
}
CK_RV no_point_at_all(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                      CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (rv == CKR_OK && wanted->type == CKA_EC_POINT && wanted->pValue != nullptr)
    static_cast<CK_BYTE*>(wanted->pValue)[0] = 0x30;
  return rv;
}

TEST_CASE("A token that tells a wrong public key gets rows that say it lies") {
  const auto token = make_softhsm();
  if (!token) return;
  auto report = check_altered(
      *token, [](CK_FUNCTION_LIST& table) { table.C_GetAttributeValue = point_off_the_curve; });
  CHECK(row_text(report, "CKM_ECDSA, ec-p256").starts_with("lies: CKR_OK, but "));
  CHECK(row_text(report, "RFC 5649 by 0x210A, EC private key").starts_with("lies: CKR_OK, but "));
  CHECK(row_text(report, "CKM_RSA_PKCS, rsa-2048") == "works: verified on the host");
  report = check_altered(
      *token, [](CK_FUNCTION_LIST& table) { table.C_GetAttributeValue = no_point_at_all; });
  CHECK(row_text(report, "CKM_ECDSA, ec-p256") ==
        "lies: CKR_OK, but CKA_EC_POINT of the key is missing or not a point");
}

// Has no OAEP of any kind.
CK_RV wrap_without_oaep(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                        CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE* out,
                        CK_ULONG* length) {
  if (mechanism->mechanism == CKM_RSA_PKCS_OAEP) return CKR_MECHANISM_INVALID;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

TEST_CASE("What a token does for AES-KWP is found out although it has no OAEP") {
  const auto token = make_nss();
  if (!token) return;
  const auto report =
      check_altered(*token, [](CK_FUNCTION_LIST& table) { table.C_WrapKey = wrap_without_oaep; });
  CHECK(row_text(report, "OAEP SHA-1, secret key").starts_with("refused: "));
  CHECK(row_text(report, "RFC 5649 by 0x210B, secret key") ==
        "works: opened outside to the same key");
  CHECK(row_text(report, "RFC 5649 by 0x210A, EC private key") ==
        "lies: CKR_OK, but the key wrap is RFC 3394 with other padding, not RFC 5649");
}

CK_RV signs_nonsense(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* out,
                     CK_ULONG* length) {
  const CK_RV rv = real->C_Sign(session, data, size, out, length);
  if (rv == CKR_OK && out != nullptr) out[*length - 1] ^= 1U;
  return rv;
}

TEST_CASE("A token that signs nonsense gets rows that say it lies") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto report =
      check_altered(*token, [](CK_FUNCTION_LIST& table) { table.C_Sign = signs_nonsense; });
  for (const char* row : {"CKM_ECDSA, ec-p256", "CKM_EDDSA, ed25519", "CKM_RSA_PKCS, rsa-2048",
                          "CKM_RSA_PKCS_PSS, rsa-2048"}) {
    CHECK(row_text(report, row) == "lies: CKR_OK, but the host cannot verify the signature");
  }
  CHECK(row_text(report, "CKM_SHA256_HMAC") ==
        "lies: CKR_OK, but the host computes something else");
}

CK_RV destroy_nothing(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/) { return CKR_OK; }

// The Error of token-check on a token altered by `change`.
template <class Change>
std::string changed(TestToken& token, const Change& change) {
  try {
    (void)check_altered(token, change);
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kToken);
    return error.code() + ": " + error.message();
  }
  return "no error";
}

TEST_CASE("A token that keeps what it said it destroyed is not as it was") {
  const auto token = make_softhsm();
  if (!token) return;
  const std::string text =
      changed(*token, [](CK_FUNCTION_LIST& table) { table.C_DestroyObject = destroy_nothing; });
  CHECK(text.starts_with("token-changed: token \"TEST-soft\" (model \"SoftHSM v2\", serial \""));
  CHECK(text.find("\") does not hold the same objects as before: 0 before, ") != std::string::npos);
  CHECK(text.find("CKA_CLASS CKO_SECRET_KEY, CKA_LABEL (no label), CKA_ID (none), ") !=
        std::string::npos);
}

bool renamed = false;

// Gives every object another label, once everything was destroyed: as many objects, not the same.
CK_RV renames(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
              CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (renamed && rv == CKR_OK && wanted->type == CKA_LABEL && wanted->pValue != nullptr)
    static_cast<CK_BYTE*>(wanted->pValue)[0] = 'X';
  return rv;
}
CK_RV destroy_and_rename(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  renamed = true;
  return real->C_DestroyObject(session, object);
}

TEST_CASE("As many objects are not the same objects") {
  const auto token = make_softhsm();
  if (!token) return;
  {
    act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
    keys::GenerateKekRequest request;
    request.type = "aes-256";
    request.label = "kept";
    (void)keys::perform(keys::plan(request, Bytes{7}), open);
    open.close();
  }
  renamed = false;
  const std::string text = changed(*token, [](CK_FUNCTION_LIST& table) {
    table.C_GetAttributeValue = renames;
    table.C_DestroyObject = destroy_and_rename;
  });
  CHECK(text.starts_with("token-changed: token "));
  CHECK(text.find("does not hold the same objects as before: 1 before, 1 now") !=
        std::string::npos);
  CHECK(text.find("Xept") != std::string::npos);
  CHECK(text.find("kept") != std::string::npos);
}

CK_RV destroy_answer = CKR_OK;
CK_RV does_not_destroy(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/) {
  return destroy_answer;
}

TEST_CASE("A throw-away key that stays is told with the call that did not remove it") {
  const auto token = make_softhsm();
  if (!token) return;
  destroy_answer = CKR_FUNCTION_FAILED;
  try {
    (void)check_altered(*token,
                        [](CK_FUNCTION_LIST& table) { table.C_DestroyObject = does_not_destroy; });
    FAIL("checked");
  } catch (const Error& error) {
    CAPTURE(error.message());
    CHECK(error.ckr().value().function == "C_DestroyObject");
    CHECK(error.ckr().value().name == "CKR_FUNCTION_FAILED");
  }
}

CK_RV hides_ecb(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (mechanism->mechanism == CKM_AES_ECB) return CKR_MECHANISM_INVALID;
  return real->C_EncryptInit(session, mechanism, key);
}

TEST_CASE("A row that another call refused names that call and its mechanism") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto report =
      check_altered(*token, [](CK_FUNCTION_LIST& table) { table.C_EncryptInit = hides_ecb; });
  for (const auto& row : report.rows) {
    if (row.what.text() != "OAEP SHA-1, secret key") continue;
    CHECK(token_check::finding_name(row) == "refused");
    CHECK(row.call == "C_EncryptInit (CKM_AES_ECB)");
    CHECK(row.ckr.value().name == "CKR_MECHANISM_INVALID");
  }
  const Json document = report.to_json();
  for (const auto& row : document["rows"]) {
    if (row["what"] == "OAEP SHA-1, secret key")
      CHECK(row["call"] == "C_EncryptInit (CKM_AES_ECB)");
  }
  CHECK(row_text(report, "AES-CBC") == "works: as computed on the host");
}

CK_RV mac_answer = CKR_OK;
CK_RV answers_macs(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (mechanism->mechanism == CKM_SHA384_HMAC) return mac_answer;
  return real->C_SignInit(session, mechanism, key);
}

TEST_CASE("A row without a reason is undecided, and an outage ends the check with its question") {
  const auto token = make_softhsm();
  if (!token) return;
  mac_answer = CKR_GENERAL_ERROR;
  const auto report =
      check_altered(*token, [](CK_FUNCTION_LIST& table) { table.C_SignInit = answers_macs; });
  CHECK(row_text(report, "CKM_SHA384_HMAC")
            .starts_with("undecided: C_SignInit (CKM_SHA384_HMAC) failed computing a MAC: "
                         "CKR_GENERAL_ERROR"));
  mac_answer = CKR_DEVICE_ERROR;
  const std::string text =
      changed(*token, [](CK_FUNCTION_LIST& table) { table.C_SignInit = answers_macs; });
  CHECK(
      text.starts_with("not-found-out: keyrite could not find out token-check's row "
                       "\"use: CKM_SHA384_HMAC\": C_SignInit (CKM_SHA384_HMAC)"));
}

// Takes no secret from outside, as tokens in FIPS mode.
CK_RV takes_no_secret(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count,
                      CK_OBJECT_HANDLE* object) {
  for (CK_ULONG i = 0; i < count; ++i) {
    if (wanted[i].type == CKA_VALUE) return CKR_ATTRIBUTE_VALUE_INVALID;
  }
  return real->C_CreateObject(session, wanted, count, object);
}

TEST_CASE("What a token computes is found out although it takes no key from outside") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto report = check_altered(
      *token, [](CK_FUNCTION_LIST& table) { table.C_CreateObject = takes_no_secret; });
  for (const char* row :
       {"AES-ECB", "AES-CBC", "CKM_SHA_1_HMAC", "CKM_SHA224_HMAC", "CKM_SHA256_HMAC",
        "CKM_SHA384_HMAC", "CKM_SHA512_HMAC", "C_DigestKey, secret key"}) {
    CAPTURE(row);
    CHECK(row_text(report, row) == "works: as computed on the host");
  }
  CHECK(row_text(report, "EKCV, aes-256") == "works: by C_DigestKey, as computed on the host");
  CHECK(row_text(report, "data key, 32 bytes") == "works: AES-KW, opened outside to the same key");
  const auto without = check_altered(*token, [](CK_FUNCTION_LIST& table) {
    table.C_CreateObject = takes_no_secret;
    table.C_WrapKey = wrap_without_oaep;
  });
  CHECK(row_text(without, "AES-ECB")
            .starts_with("not tried: no throw-away key of a known value: C_CreateObject failed"));
}

TEST_CASE("On NSS softoken in FIPS mode every use that works without it works") {
  const auto token = make_nss();
  if (!token) return;
  const auto module =
      pkcs11::Module::adopt(fips_table(token->module.path.value()), token->module.init_args);
  // Its label is of the version of NSS: the one token that wants a login.
  const auto listed = pkcs11::list_tokens(module).tokens;
  const auto wants_login = [](const pkcs11::Token& one) { return one.info().flags.login_required; };
  REQUIRE(std::ranges::count_if(listed, wants_login) == 1);
  act::TokenBinding binding = token->binding();
  binding.uri = std::ranges::find_if(listed, wants_login)->info().uri();
  act::TokenSession open(module, binding, pkcs11::Access::kReadWrite);
  const auto report = token_check::check_token(
      open, {.group = "protect", .what = act::Words("CKA_TRUSTED by the officer")});
  for (const auto& row : report.rows) {
    const std::string what = row.what.text();
    if (row.group.text() != "use" || what.ends_with("secp256k1") || what.ends_with("ed25519") ||
        what.starts_with("CKA_CHECK_VALUE"))
      continue;
    CAPTURE(what);
    CAPTURE(row.detail);
    CHECK(token_check::finding_name(row) == "works");
  }
  open.close();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
