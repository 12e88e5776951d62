#include "base/toml.h"

#include <doctest/doctest.h>

#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Json parsed(std::string_view text) { return parse_toml(as_bytes(text), "some.toml"); }
Refusal refusal_for(const std::string& text) {
  return refusal_of([&] { (void)parsed(text); });
}

TEST_CASE("Texts, numbers, flags, lists and tables become JSON") {
  const Json json =
      parsed("a = \"x\\u00e4\"\nb = -7\nc = true\nd = [\"p\", \"q\"]\n[e.f]\ng = 1\n");
  CHECK(json["a"] == "x\xc3\xa4");
  CHECK(json["b"] == -7);
  CHECK(json["c"] == true);
  CHECK(json["d"] == Json::array({"p", "q"}));
  CHECK(json["e"]["f"]["g"] == 1);
}

TEST_CASE("Floats and times are refused with their line") {
  CHECK(refusal_for("a = 1\nb = 1.5") == config("toml-value"));
  CHECK(refusal_for("a = 1\nb = 1.5").message.find("line 2") != std::string::npos);
  CHECK(refusal_for("a = 2026-11-27T00:00:00Z") == config("toml-value"));
  CHECK(refusal_for("a = [1, 2.5]") == config("toml-value"));
}

TEST_CASE("What is no TOML is refused with its line, and what is far too large unread") {
  CHECK(refusal_for("a = 1\n= 2") == config("toml-invalid"));
  CHECK(refusal_for("a = 1\na = 2") == config("toml-invalid"));
  CHECK(refusal_for("a = \"\xff\"") == config("toml-invalid"));
  CHECK(refusal_for(std::string((std::size_t{1} << 20U) + 1, '\n')) == config("toml-too-large"));
}

TEST_CASE("A quoted text is read back the same") {
  for (const std::string text : {"", "a\"b\\c", "tab\there\nnew", "\x7f\x01", "\xc3\xa4"}) {
    CHECK(parsed("a = " + toml_quoted(text))["a"] == text);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
