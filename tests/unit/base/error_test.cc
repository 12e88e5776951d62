#include "base/error.h"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>

namespace keyrite {
namespace KEYRITE_TEST_FILE {

TEST_CASE("An Error carries kind and code and message and hint") {
  const Error error(Kind::kVerification, "mac-differs", "the MAC differs", "look at the key");
  CHECK(error.kind() == Kind::kVerification);
  CHECK(error.code() == "mac-differs");
  CHECK(error.message() == "the MAC differs");
  CHECK(std::string(error.what()) == error.message());
  CHECK(error.hint() == "look at the key");
  CHECK_FALSE(error.ckr().has_value());
  CHECK(Error(Kind::kFailed, "a", "b").hint().empty());
}

TEST_CASE("Every kind is the exit code that docs and scripts know") {
  const auto code = [](Kind kind) { return Error(kind, "code", "message").exit_code(); };
  CHECK(code(Kind::kFailed) == 1);
  CHECK(code(Kind::kUsage) == 2);
  CHECK(code(Kind::kConfig) == 3);
  CHECK(code(Kind::kToken) == 4);
  CHECK(code(Kind::kPin) == 5);
  CHECK(code(Kind::kVerification) == 6);
  CHECK(code(Kind::kWaiting) == 7);
  CHECK(code(Kind::kUnknownOutcome) == 8);
  CHECK(code(Kind::kInternal) == 70);
}

TEST_CASE("The answer of a token ends the message with its name and number") {
  const Error error = Error(Kind::kToken, "wrap-refused", "the token does not wrap \"a\"", "ask")
                          .with_ckr({"C_WrapKey", "CKR_KEY_UNEXTRACTABLE", 0x6a});
  CHECK(error.message() == "the token does not wrap \"a\": CKR_KEY_UNEXTRACTABLE (0x6A)");
  CHECK(std::string(error.what()) == error.message());
  REQUIRE(error.ckr().has_value());
  CHECK(error.ckr()->function == "C_WrapKey");
  CHECK(error.ckr()->name == "CKR_KEY_UNEXTRACTABLE");
  CHECK(error.ckr()->value == 0x6a);
  CHECK(error.hint() == "ask");
  CHECK(error.kind() == Kind::kToken);
}

TEST_CASE("An Error is a value and is caught as a std exception") {
  static_assert(std::is_copy_constructible_v<Error>);
  static_assert(std::is_copy_assignable_v<Error>);
  const Error first =
      Error(Kind::kPin, "pin-wrong", "wrong").with_ckr({"C_Login", "CKR_PIN_INCORRECT", 0xa0});
  Error copy(Kind::kFailed, "other", "other");
  copy = first;
  CHECK(copy.code() == "pin-wrong");
  CHECK(copy.ckr()->value == 0xa0);
  try {
    throw copy;
  } catch (const std::exception& caught) {
    CHECK(std::string(caught.what()) == "wrong: CKR_PIN_INCORRECT (0xA0)");
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
