// Tokens that fail for a moment: what passes decides nothing, and what lasts is said with its call
// and its CKR.
#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "act/token_session.h"
#include "support/failure.h"
#include "support/fault_table.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "token/import_fixture.h"
#include "wrap/execute.h"
#include "wrap/key_generation.h"
#include "wrap/plan.h"
#include "wrap/protection.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;

const KeyType kAes{.family = KeyFamily::kAes, .size = 256};

// A session with a token that fails when it is told to, or whose table `change` has altered.
struct Bench {
  explicit Bench(TestToken& token) {
    real = real_table(token.module.path.value());
    table = faulty_table(real);
    open_with(token);
  }
  template <class Change>
  Bench(TestToken& token, const Change& change) {
    real = real_table(token.module.path.value());
    table = *real;
    change(table);
    open_with(token);
  }
  ~Bench() { inject_nothing(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  [[nodiscard]] pkcs11::Session& session() const { return open->session(); }
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};

 private:
  void open_with(TestToken& token) {
    open =
        std::make_unique<act::TokenSession>(pkcs11::Module::adopt(&table, token.module.init_args),
                                            token.binding(), pkcs11::Access::kReadWrite);
  }
};

// RSA-AES with SHA-1 of an AES key, where a weaker custody is allowed but not needed.
wrap::Requirements composed_only() {
  return {.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha1},
          .target = kAes,
          .wrapping_key_bits = 2048,
          .allow_host_ephemeral = true};
}

std::string method_chosen(pkcs11::Session& session, wrap::SelfTestMemory& memory) {
  wrap::SelfTest tests(session, memory);
  return std::string(method_name(wrap::plan(composed_only(), tests).recipe().method));
}

// `work` gives the same whichever of its calls fails once; it has more than `calls` of them.
template <class Work, class Found>
void check_at_each_call(const Work& work, const Found& wanted, int calls) {
  for (const CK_RV answer : {CKR_DEVICE_ERROR, CKR_GENERAL_ERROR}) {
    int nth = 1;
    while (true) {
      inject({.nth = nth, .answer = answer});
      const Found found = work();
      if (struck() == 0) break;
      CAPTURE(nth);
      CAPTURE(struck_function());
      CHECK(found == wanted);
      ++nth;
    }
    CHECK(nth > calls);
  }
}

TEST_CASE("One passing error at whatever call changes neither method nor custody") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token);
  check_at_each_call(
      [&] {
        wrap::SelfTestMemory memory;
        return method_chosen(bench.session(), memory);
      },
      std::string("composed"), 20);
}

TEST_CASE("An outage is told with its call and CKR, never as an inability, and is not remembered") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token);
  wrap::SelfTestMemory memory;
  for (const char* function : {"C_WrapKey", "C_GenerateKey", "C_CreateObject", "C_EncryptInit"}) {
    inject({.function = function, .times = 0, .answer = CKR_DEVICE_ERROR});
    const auto failure = failure_of([&] { (void)method_chosen(bench.session(), memory); });
    CAPTURE(function);
    CHECK(failure.code == "not-found-out");
    CHECK(failure.kind == Kind::kToken);
    CHECK(failure.ckr.value().name == "CKR_DEVICE_ERROR");
    CHECK(failure.ckr.value().function == function);
    CHECK(failure.message.starts_with(
        "keyrite could not find out whether this token wraps aes-256 for "));
    CHECK(failure.message.find("cannot wrap") == std::string::npos);
  }
  inject_nothing();
  CHECK(method_chosen(bench.session(), memory) == "composed");
}

CK_RV oaep_answer = CKR_OK;

CK_RV wrap_without_oaep(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                        CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE* out,
                        CK_ULONG* length) {
  if (mechanism->mechanism == CKM_RSA_PKCS_OAEP) return oaep_answer;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

TEST_CASE("An answer without a reason never moves a wrap into a weaker custody, a no does") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_WrapKey = wrap_without_oaep; });
  for (const CK_RV answer : {CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CK_RV{0x80000012UL}}) {
    oaep_answer = answer;
    wrap::SelfTestMemory memory;
    const auto failure = failure_of([&] { (void)method_chosen(bench.session(), memory); });
    CHECK(failure.code == "not-found-out");
    CHECK(failure.message.find("C_WrapKey (CKM_RSA_PKCS_OAEP)") != std::string::npos);
    CHECK(failure.hint.find("--method") != std::string::npos);
  }
  oaep_answer = CKR_MECHANISM_INVALID;
  wrap::SelfTestMemory memory;
  CHECK(method_chosen(bench.session(), memory) == "host-ephemeral");
}

TEST_CASE("One passing error at whatever call claims no protection that is not there") {
  const auto token = make_nss();
  if (!token) return;
  const Bench bench(*token);
  check_at_each_call([&] { return wrap::unextractable_stays(bench.session()); },
                     wrap::Enforcement::kNotEnforced, 5);
  inject({.function = "C_WrapKey", .times = 0});
  CHECK(failure_of([&] { (void)wrap::untrusted_is_refused(bench.session()); }).code ==
        "not-found-out");
}

CK_RV refusal = CKR_OK;

CK_RV refuses_as_told(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                      CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = real->C_WrapKey(session, mechanism, wrapping, key, out, length);
  return rv == CKR_KEY_UNEXTRACTABLE ? refusal : rv;
}

TEST_CASE("A protection is claimed only for a refusal that is about the key") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_WrapKey = refuses_as_told; });
  for (const CK_RV answer : {CKR_KEY_UNEXTRACTABLE, CKR_KEY_FUNCTION_NOT_PERMITTED}) {
    refusal = answer;
    CHECK(wrap::unextractable_stays(bench.session()) == wrap::Enforcement::kEnforced);
  }
  for (const CK_RV answer : {CKR_GENERAL_ERROR, CKR_MECHANISM_INVALID, CKR_ARGUMENTS_BAD}) {
    refusal = answer;
    CHECK(wrap::unextractable_stays(bench.session()) == wrap::Enforcement::kUnknown);
  }
  refusal = CKR_SESSION_HANDLE_INVALID;
  CHECK(failure_of([&] { (void)wrap::unextractable_stays(bench.session()); }).code ==
        "not-found-out");
}

TEST_CASE("A bundle is made with its answers or not at all while the token fails for a moment") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "generic-secret-32-bytes", "k");
  const AwsImport import;
  auto request = import.request("k", "RSAES_OAEP_SHA_1");
  CK_FUNCTION_LIST table = faulty_table(real_table(token->module.path.value()));
  const auto make = [&](const std::string& out) {
    request.out = import.path(out);
    return wrap(request, context_for(*token), pkcs11::Module::adopt(&table));
  };
  for (int nth = 1;; ++nth) {
    inject({.function = "C_Sign", .nth = nth});
    const std::string out = "passing" + std::to_string(nth);
    std::optional<std::vector<imports::MadeBundle>> made;
    try {
      made = make(out);
    } catch (const Error& error) {
      // What answers no question, such as a check value, ends the act.
      CAPTURE(nth);
      REQUIRE(error.ckr());
      CHECK(error.ckr()->function == "C_Sign");
      CHECK_FALSE(std::filesystem::exists(import.path(out)));
      continue;
    }
    if (struck() == 0) {
      CHECK(nth > 2);
      break;
    }
    CAPTURE(nth);
    CHECK_FALSE(made->at(0).expected.answers.empty());
    CHECK(made->at(0).why_not_provable.empty());
  }
  // The first use of C_Sign is the self-test's.
  inject({.function = "C_Sign", .nth = 2, .times = 0});
  const auto failure = failure_of([&] { (void)make("lasting"); });
  CHECK(failure.code == "not-found-out");
  CHECK(failure.message.starts_with(
      "keyrite could not find out what the key answers to the challenge "));
  CHECK_FALSE(std::filesystem::exists(import.path("lasting")));
  // Once: a check value that the token refuses ends the act, as above.
  inject({.function = "C_Sign", .nth = 2, .answer = CKR_KEY_FUNCTION_NOT_PERMITTED});
  CHECK(make("refused").at(0).why_not_provable.find("CKR_KEY_FUNCTION_NOT_PERMITTED") !=
        std::string::npos);
  inject_nothing();
}

TEST_CASE("The reason of a refusal names the function and the mechanism") {
  const auto token = make_nss();
  if (!token) return;
  const Bench bench(*token);
  inject({.function = "C_EncryptInit", .times = 0, .answer = CKR_MECHANISM_INVALID});
  wrap::SelfTest tests(bench.session());
  const auto failure = failure_of([&] {
    (void)wrap::plan(
        {.algorithm = {Scheme::kRsaOaep, Hash::kSha256}, .target = kAes, .wrapping_key_bits = 2048},
        tests);
  });
  CHECK(failure.code == "no-wrap-method");
  CHECK(failure.hint.find("direct: C_EncryptInit (CKM_AES_ECB): CKR_MECHANISM_INVALID") !=
        std::string::npos);
}

bool flip = false;

CK_RV flips_a_bit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                  CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = real->C_WrapKey(session, mechanism, wrapping, key, out, length);
  if (flip && rv == CKR_OK && out != nullptr && mechanism->mechanism != CKM_RSA_PKCS_OAEP) {
    out[*length / 2] ^= 1U;
    flip = false;
  }
  return rv;
}

TEST_CASE(
    "A real wrap with one wrong bit does not leave the room although the self-test was right") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, [](CK_FUNCTION_LIST& table) { table.C_WrapKey = flips_a_bit; });
  flip = false;
  wrap::SelfTest tests(bench.session());
  auto required = composed_only();
  const auto composed = wrap::plan(required, tests);
  required.algorithm.scheme = Scheme::kRsaOaep;
  const auto direct = wrap::plan(required, tests);
  const auto rsa = crypto::ThrowawayRsa::make(2048);
  const wrap::WrappingKey wrapping{wrap::import_wrapping_key(bench.session(), rsa.public_key()),
                                   &rsa.public_key()};
  const auto key = bench.session().generate_key(
      wrap::generation_mechanism(kAes), wrap::throwaway_templates(kAes).key, "making a key");
  const wrap::Target target{key, kAes, "k"};
  const auto objects = bench.session().find({}).size();

  CHECK(wrap::execute(bench.session(), composed, wrapping, target).checked == WrapCheck::kKwpTwice);
  CHECK(wrap_check_name(wrap::execute(bench.session(), direct, wrapping, target).checked) ==
        "length");
  flip = true;
  const auto failure =
      failure_of([&] { (void)wrap::execute(bench.session(), composed, wrapping, target); });
  CHECK(failure.code == "wrap-differs");
  CHECK(failure.kind == Kind::kToken);
  CHECK(bench.session().find({}).size() == objects);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
