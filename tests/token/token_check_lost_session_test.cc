// token-check at a token that drops its session.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/failure.h"
#include "support/fault_table.h"
#include "support/function_table.h"
#include "support/test_token.h"
#include "token_check/token_check.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A token that drops the session is connected again once, and all rows are tried anew") {
  const auto token = make_softhsm();
  if (!token) return;
  CK_FUNCTION_LIST table = faulty_table(real_table(token->module.path.value()));
  const auto check = [&](const Fault& fault, std::vector<std::string>& notes) {
    inject_nothing();
    act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                           pkcs11::Access::kReadWrite);
    inject(fault);
    return token_check::check_token(
        open, {.group = "protect", .what = act::Words("CKA_TRUSTED by the officer")},
        [&](const std::string& note) { notes.push_back(note); });
  };
  std::vector<std::string> notes;
  const auto whole = check({.function = "C_WrapKey", .nth = 1000000}, notes);
  CHECK(notes.empty());
  for (const char* function : {"C_WrapKey", "C_SignInit", "C_GenerateKeyPair"}) {
    CAPTURE(function);
    notes.clear();
    const auto again = check({.function = function, .nth = 2, .blow = Blow::kDropSessions}, notes);
    CHECK(struck() == 1);
    CHECK(notes.size() == 1);
    REQUIRE(again.rows.size() == whole.rows.size());
    for (std::size_t i = 0; i < whole.rows.size(); ++i) {
      CAPTURE(whole.rows[i].what.text());
      CHECK(again.rows[i].outcome == whole.rows[i].outcome);
    }
  }
  // Lost for ever: once more, and no further.
  notes.clear();
  const auto lost = failure_of([&] {
    (void)check({.function = "C_SignInit", .nth = 1, .times = 0, .blow = Blow::kDropSessions},
                notes);
  });
  CHECK(lost.kind == Kind::kToken);
  CHECK(notes.size() == 1);
  inject_nothing();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
