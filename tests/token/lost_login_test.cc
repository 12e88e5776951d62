// What is said of a new key when the login or the session is lost after it was made: only what was
// looked for as the logged-in user.
#include <doctest/doctest.h>

#include "act/token_session.h"
#include "keys/generate_kek.h"
#include "support/failure.h"
#include "support/fault_table.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

keys::GenerateKekPlan plan_for(const std::string& type) {
  keys::GenerateKekRequest request;
  request.type = type;
  request.label = "fresh";
  return keys::plan(request, Bytes{0x0a, 0x0b});
}

CK_FUNCTION_LIST* real = nullptr;
int logins_left = 0;

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin, CK_ULONG length) {
  return logins_left-- > 0 ? real->C_Login(session, user, pin, length) : CKR_DEVICE_ERROR;
}

// A token that lets a user in `logins` times, and whose user enters the PIN once.
struct Bench {
  Bench(TestToken& token, int logins) {
    logins_left = logins;
    real = real_table(token.module.path.value());
    table = faulty_table(real);
    table.C_Login = log_in;
    act::TokenBinding binding = token.binding();
    binding.pin = [this, given = binding.pin](const pkcs11::TokenInfo& info,
                                              pkcs11::UserType user) {
      ++asked;
      return given(info, user);
    };
    open = std::make_unique<act::TokenSession>(
        pkcs11::Module::adopt(&table, token.module.init_args), binding, pkcs11::Access::kReadWrite);
  }
  ~Bench() { inject_nothing(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  [[nodiscard]] Failure failure(const std::string& type) const {
    return failure_of([&] { (void)keys::perform(plan_for(type), *open); });
  }
  int asked{0};
  CK_FUNCTION_LIST table{};
  std::unique_ptr<act::TokenSession> open{};
};

std::size_t objects_in(const TestToken& token) {
  act::TokenSession look(token.binding(), pkcs11::Access::kReadOnly);
  const auto count = look.session().find(pkcs11::Template{}.set<pkcs11::Attr::kLabel>("fresh"));
  look.close();
  return count.size();
}

void check_taken_back(TestToken& token, Blow blow) {
  {
    const Bench bench(token, 2);
    inject({.function = "C_SignInit", .blow = blow});
    const auto failure = bench.failure("ec-p256");
    REQUIRE(struck() == 1);
    CAPTURE(failure.message);
    CHECK(failure.kind == Kind::kToken);
    CHECK(failure.ckr.value().function == "C_SignInit");
    CHECK(failure.message.find("; the new key was destroyed again: CKR_") != std::string::npos);
    CHECK(bench.asked == 1);
    bench.open->close();
  }
  CHECK(objects_in(token) == 0);
}

void check_unknown(TestToken& token, Blow blow) {
  {
    const Bench bench(token, 1);
    inject({.function = "C_SignInit", .blow = blow});
    const auto failure = bench.failure("ec-p256");
    CAPTURE(failure.message);
    CHECK(failure.kind == Kind::kUnknownOutcome);
    CHECK(failure.code == "key-remains");
    CHECK(failure.message.find("destroyed again") == std::string::npos);
    CHECK(failure.message.find("MAY REMAIN in the token as \"fresh\", id 0a0b (keyrite cannot "
                               "search as the logged-in user: ") != std::string::npos);
    CHECK(failure.hint.find("\"fresh\", id 0a0b") != std::string::npos);
    CHECK(failure.ckr.value().function == "C_SignInit");
  }
  CHECK(objects_in(token) > 0);
}

TEST_CASE("A key is taken back after a lost login, with a new one by the PIN that is held") {
  for (const Blow blow : {Blow::kLogout, Blow::kDropSessions}) {
    const auto token = make_softhsm();
    if (!token) return;
    check_taken_back(*token, blow);
  }
}

TEST_CASE("What cannot be looked for as the logged-in user has an unknown outcome, and is named") {
  for (const Blow blow : {Blow::kLogout, Blow::kDropSessions}) {
    const auto token = make_softhsm();
    if (!token) return;
    check_unknown(*token, blow);
  }
}

TEST_CASE("On NSS a key is taken back after a lost login too") {
  const auto token = make_nss();
  if (!token) return;
  check_taken_back(*token, Blow::kDropSessions);
}

TEST_CASE("The token is connected again once, and only if it is the same token") {
  const auto token = make_softhsm();
  if (!token) return;
  const Bench bench(*token, 3);
  inject({.function = "C_FindObjectsInit", .blow = Blow::kDropSessions});
  CHECK(failure_of([&] { (void)bench.open->session().find({}); }).code ==
        "ckr-session-handle-invalid");
  const pkcs11::Session* session = &bench.open->session();
  bench.open->reconnect();
  CHECK(&bench.open->session() == session);
  CHECK(bench.open->session().user_is_logged_in());
  CHECK(bench.open->session().find({}).empty());
  CHECK(failure_of([&] { bench.open->reconnect(); }).code == "reconnected-before");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
