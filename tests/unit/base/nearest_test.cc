#include "base/nearest.h"

#include <doctest/doctest.h>

namespace keyrite {
namespace KEYRITE_TEST_FILE {

const std::vector<std::string> kNames{"generate-kek", "wrap-for-import", "verify-import", "aws"};

TEST_CASE("A mistyped word is taken for the nearest known one") {
  CHECK(nearest("generate-key", kNames) == "generate-kek");
  CHECK(nearest("generatekek", kNames) == "generate-kek");
  CHECK(nearest("wrap-import", kNames) == "wrap-for-import");
  CHECK(nearest("asw", kNames) == "aws");
}

TEST_CASE("A word that is like none is taken for none") {
  CHECK_FALSE(nearest("gcp", kNames).has_value());
  CHECK_FALSE(nearest("", kNames).has_value());
  CHECK_FALSE(nearest(std::string(100, 'a'), kNames).has_value());
  CHECK_FALSE(nearest("aws", {}).has_value());
}

TEST_CASE("A hint begins with the name that was meant, if there is one and it is another") {
  CHECK(hint_with_nearest("acmee", {"acme", "other"}, "look") == "did you mean \"acme\"?\nlook");
  CHECK(hint_with_nearest("acme", {"acme"}, "look") == "look");
  CHECK(hint_with_nearest("zebra", {"acme"}, "look") == "look");
  CHECK(hint_with_nearest("acm\x1b",
                          {"acm\x1b"
                           "e"},
                          "look") == "did you mean \"acm\\x1be\"?\nlook");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
