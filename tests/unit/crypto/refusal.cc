#include "unit/crypto/refusal.h"

#include <doctest/doctest.h>

#include <string>

namespace keyrite::test {

void check_refused(Kind kind, std::string_view code, const std::function<void()>& call) {
  const std::string wanted(code);
  INFO("wanted: ", wanted);
  try {
    call();
    FAIL_CHECK("nothing was refused");
  } catch (const Error& error) {
    INFO("said: ", error.message());
    CHECK(error.kind() == kind);
    CHECK(error.code() == wanted);
  }
}

}  // namespace keyrite::test
