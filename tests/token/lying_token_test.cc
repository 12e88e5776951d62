// Tokens that say OK and do something else: each lie is found by the self-test, and nothing is
// wrapped by that method.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "base/error.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "wrap/key_generation.h"
#include "wrap/plan.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
CK_OBJECT_HANDLE other_key = CK_INVALID_HANDLE;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};
const KeyType kP256{.family = KeyFamily::kEc, .size = 0, .curve = Curve::kP256};
constexpr CK_MECHANISM_TYPE kKwp = 0x210B;

// Writes SHA-1 whatever hash was asked for, as one release of a token in the field did.
CK_RV wrap_with_sha1(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                     CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  CK_RSA_PKCS_OAEP_PARAMS sha1{};
  sha1.hashAlg = CKM_SHA_1;
  sha1.mgf = CKG_MGF1_SHA1;
  sha1.source = CKZ_DATA_SPECIFIED;
  CK_MECHANISM changed = *mechanism;
  if (mechanism->mechanism == CKM_RSA_PKCS_OAEP) changed.pParameter = &sha1;
  return real->C_WrapKey(session, &changed, wrapping, key, out, length);
}

// Takes the standard's number for RFC 5649 and pads as PKCS#7 does, which is what 0x210A is on this
// token.
CK_RV wrap_with_pkcs7(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                      CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  CK_MECHANISM changed = *mechanism;
  if (mechanism->mechanism == kKwp) changed.mechanism = CKM_AES_KEY_WRAP_PAD;
  return real->C_WrapKey(session, &changed, wrapping, key, out, length);
}

// Wraps another key than it was told to, once it knows one.
CK_RV wrap_another(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                   CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  return real->C_WrapKey(session, mechanism, wrapping,
                         other_key != CK_INVALID_HANDLE ? other_key : key, out, length);
}

// Has no AES key wrap of any kind.
CK_RV wrap_rsa_only(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                    CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  if (mechanism->mechanism != CKM_RSA_PKCS_OAEP) return CKR_MECHANISM_INVALID;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

CK_RV wrap_nothing(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                   CK_OBJECT_HANDLE /*wrapping*/, CK_OBJECT_HANDLE /*key*/, CK_BYTE* /*out*/,
                   CK_ULONG* /*length*/) {
  return CKR_FUNCTION_NOT_SUPPORTED;
}

// A session with a token whose C_WrapKey is `wrap_key`.
struct Bench {
  Bench(TestToken& token, CK_C_WrapKey wrap_key) {
    real = real_table(token.module.path.value());
    other_key = CK_INVALID_HANDLE;
    table = *real;
    table.C_WrapKey = wrap_key;
    open =
        std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table, token.module.init_args),
                                            token.binding(), pkcs11::Access::kReadWrite);
    tests = std::make_unique<wrap::SelfTest>(open->session());
  }
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};
  std::unique_ptr<wrap::SelfTest> tests{};
};

wrap::Requirements required_for(Scheme scheme, Hash hash, const KeyType& target) {
  return {.algorithm = {scheme, hash}, .target = target, .wrapping_key_bits = 2048};
}

std::string code_of(const wrap::Requirements& required, wrap::SelfTest& tests) {
  try {
    (void)wrap::plan(required, tests);
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kToken);
    CHECK_FALSE(error.ckr().has_value());
    return error.code();
  }
  return "a method was chosen";
}

TEST_CASE("A token that writes OAEP with SHA-1 when SHA-256 was asked is found out") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_with_sha1);
  const wrap::Recipe recipe{.method = Method::kDirect,
                            .algorithm = {Scheme::kRsaOaep, Hash::kSha256}};
  const auto& result = bench.tests->run(recipe, kAes, 2048);
  CHECK(result.outcome == wrap::Outcome::kLies);
  CHECK(result.detail ==
        "CKR_OK, but OAEP SHA-1 with MGF1 SHA-1 was written when SHA-256 was asked");
  CHECK_FALSE(bench.tests->prove(recipe, kAes, 2048).has_value());
  CHECK(code_of(required_for(Scheme::kRsaOaep, Hash::kSha256, kAes), *bench.tests) ==
        "no-wrap-method");
  CHECK(code_of(required_for(Scheme::kRsaAesKeyWrap, Hash::kSha256, kAes), *bench.tests) ==
        "no-wrap-method");
  // What it is honest about still works.
  CHECK(code_of(required_for(Scheme::kRsaOaep, Hash::kSha1, kAes), *bench.tests) ==
        "a method was chosen");
}

TEST_CASE("A token whose AES-KWP is PKCS#7 padding is found out") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_with_pkcs7);
  const wrap::Recipe recipe{.method = Method::kComposed,
                            .algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha256},
                            .kwp = pkcs11::kwp_candidates().front()};
  const auto& result = bench.tests->run(recipe, kAes, 2048);
  CHECK(result.outcome == wrap::Outcome::kLies);
  CHECK(result.detail == "CKR_OK, but the key wrap is RFC 3394 with other padding, not RFC 5649");
  CHECK(code_of(required_for(Scheme::kRsaAesKeyWrap, Hash::kSha256, kAes), *bench.tests) ==
        "no-wrap-method");
}

TEST_CASE("A token that wraps another key than it was told to is found out") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_another);
  const auto templates = wrap::throwaway_templates(kAes);
  const auto other =
      bench.open->session().generate_key(wrap::generation_mechanism(kAes), templates.key, "making");
  other_key = static_cast<CK_OBJECT_HANDLE>(other);
  const wrap::Recipe recipe{.method = Method::kDirect,
                            .algorithm = {Scheme::kRsaOaep, Hash::kSha256}};
  const auto& result = bench.tests->run(recipe, kAes, 2048);
  CHECK(result.outcome == wrap::Outcome::kLies);
  CHECK(result.detail == "CKR_OK, but another key came out than went in");
  CHECK(code_of(required_for(Scheme::kRsaOaep, Hash::kSha256, kAes), *bench.tests) ==
        "no-wrap-method");
}

TEST_CASE(
    "A token that pads the PKCS#8 of private keys is refused unless that is accepted by name") {
  const auto token = make_softhsm();
  if (!token) return;
  Bench bench(*token, real_table(token->module.path.value())->C_WrapKey);
  auto required = required_for(Scheme::kRsaAesKeyWrap, Hash::kSha1, kP256);
  CHECK(code_of(required, *bench.tests) == "padded-pkcs8");
  CHECK(code_of(required_for(Scheme::kRsaAesKeyWrap, Hash::kSha1,
                             {.family = KeyFamily::kRsa, .size = 3072}),
                *bench.tests) == "padded-pkcs8");
  required.accept_padded_pkcs8 = true;
  CHECK(wrap::plan(required, *bench.tests).evidence().padded_pkcs8);
}

TEST_CASE(
    "A token without AES key wrap still wraps directly, and two layers are refused in one "
    "sentence") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_rsa_only);
  CHECK(code_of(required_for(Scheme::kRsaOaep, Hash::kSha256, kAes), *bench.tests) ==
        "a method was chosen");
  auto required = required_for(Scheme::kRsaAesKeyWrap, Hash::kSha256, kAes);
  required.allow_host_ephemeral = true;
  CHECK(code_of(required, *bench.tests) == "no-wrap-method");
}

TEST_CASE("A token that can wrap nothing gets one clear sentence") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_nothing);
  try {
    (void)wrap::plan(required_for(Scheme::kRsaOaep, Hash::kSha256, kAes), *bench.tests);
    FAIL("a method was chosen");
  } catch (const Error& error) {
    CHECK(error.code() == "no-wrap-method");
    CHECK(error.message() == "this token cannot wrap aes-256 for rsa-oaep-sha256");
  }
}

TEST_CASE("A method that is forced and does not work is refused, with the token's answer") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, real_table(token->module.path.value())->C_WrapKey);
  auto required = required_for(Scheme::kRsaAesKeyWrap, Hash::kSha256, kAes);
  required.method = Method::kNative;
  try {
    (void)wrap::plan(required, *bench.tests);
    FAIL("a method was chosen");
  } catch (const Error& error) {
    CHECK(error.code() == "method-refused");
    CHECK(error.kind() == Kind::kToken);
    CHECK(error.hint().starts_with("leave --method out, or fetch import parameters"));
    CHECK(error.hint().ends_with(". Result of each method: native: CKR_MECHANISM_INVALID"));
  }
}

TEST_CASE("A method of the other scheme is refused with those that make the algorithm") {
  const auto token = make_nss();
  if (!token) return;
  Bench bench(*token, wrap_nothing);
  struct Case {
    Scheme scheme{};
    Method method{};
    const char* hint{};
  };
  for (const Case& one : {Case{Scheme::kRsaOaep, Method::kNative, "or give one of: direct"},
                          Case{Scheme::kRsaAesKeyWrap, Method::kDirect,
                               "or give one of: native, composed, host-ephemeral"}}) {
    auto required = required_for(one.scheme, Hash::kSha256, kAes);
    required.method = one.method;
    try {
      (void)wrap::plan(required, *bench.tests);
      FAIL("a method was chosen");
    } catch (const Error& error) {
      CHECK(error.code() == "method-not-for-algorithm");
      CHECK(error.kind() == Kind::kUsage);
      CHECK(error.hint().ends_with(one.hint));
    }
  }
}

TEST_CASE("A self-test leaves nothing in the token") {
  const auto token = make_softhsm();
  if (!token) return;
  Bench bench(*token, real_table(token->module.path.value())->C_WrapKey);
  for (const auto& recipe : wrap::recipes_for({Scheme::kRsaAesKeyWrap, Hash::kSha1})) {
    (void)bench.tests->run(recipe, kP256, 2048);
  }
  CHECK(bench.open->session().find(pkcs11::Template{}).empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
