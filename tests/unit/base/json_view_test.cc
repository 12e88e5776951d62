#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "base/json.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Json& document() {
  static const Json document = parse_json(as_bytes(R"({
    "text": "abc", "empty": "", "whole": -7, "real": 2.5, "yes": true, "nothing": null,
    "list": [{"a": 1}, {"a": "b"}], "deep": {"er": {"est": 1}},
    "one": 1.0, "most": 9223372036854775807, "least": -9223372036854775808,
    "more": 9223372036854775808, "unsigned": 18446744073709551615,
    "huge": 18446744073709551616, "tiny": -9223372036854775809})"),
                                          "params.json");
  return document;
}

JsonView view() { return {document(), "params.json"}; }

template <typename Read>
Refusal refusal(std::string_view field, Read read) {
  return refusal_of([&] { static_cast<void>(read(view().at(field))); });
}

TEST_CASE("A view reads every kind of value") {
  CHECK(view().at("text").text() == "abc");
  CHECK(view().text("text") == "abc");
  CHECK(view().text("empty").empty());
  CHECK(view().at("whole").integer() == -7);
  CHECK(view().at("whole").number() == -7.0);
  CHECK(view().at("real").number() == 2.5);
  CHECK(view().at("yes").boolean());
  CHECK(view().at("list").items().size() == 2);
  CHECK(view().at("list").items()[1].text("a") == "b");
  CHECK(view().at("deep").at("er").at("est").integer() == 1);
  CHECK(&view().raw() == &document());
}

TEST_CASE("A view says what kind of value it has") {
  CHECK(view().is_object());
  CHECK_FALSE(view().is_text());
  CHECK(view().at("text").is_text());
  CHECK_FALSE(view().at("text").is_object());
  CHECK(view().at("whole").is_number());
  CHECK(view().at("real").is_number());
  CHECK_FALSE(view().at("yes").is_number());
}

TEST_CASE("Missing fields and null are absent to find and an error to at") {
  CHECK_FALSE(view().find("absent").has_value());
  CHECK_FALSE(view().find("nothing").has_value());
  CHECK(view().find("empty").has_value());
  CHECK_FALSE(view().optional_text("absent").has_value());
  CHECK_FALSE(view().optional_text("nothing").has_value());
  CHECK(view().optional_text("text") == "abc");
  CHECK(refusal_of([] { static_cast<void>(view().at("PublicKey")); }) ==
        config("json-missing-field"));
  CHECK(refusal_of([] { static_cast<void>(view().at("nothing")); }) ==
        config("json-missing-field"));
  CHECK(refusal_of([] { static_cast<void>(view().text("PublicKey")); }).message ==
        "params.json: field \"PublicKey\" is missing");
}

TEST_CASE("A value of another type is refused by every reader") {
  const auto wrong = config("json-wrong-type");
  for (const std::string_view field : {"whole", "real", "yes", "list", "deep"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.text(); }) == wrong);
  }
  for (const std::string_view field : {"text", "real", "one", "yes", "list", "deep"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.integer(); }) == wrong);
  }
  for (const std::string_view field : {"text", "yes", "list", "deep"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.number(); }) == wrong);
  }
  for (const std::string_view field : {"text", "whole", "list", "deep"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.boolean(); }) == wrong);
  }
  for (const std::string_view field : {"text", "whole", "yes", "deep"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.items(); }) == wrong);
    if (field == "deep") continue;
    CHECK(refusal(field, [](const JsonView& v) { return v.find("a"); }) == wrong);
    CHECK(refusal(field, [](const JsonView& v) { return v.at("a"); }) == wrong);
  }
  CHECK(refusal_of([] { static_cast<void>(view().optional_text("whole")); }) == wrong);
}

TEST_CASE("Whole numbers that 64 bits with a sign do not hold are refused and never bent") {
  using Limits = std::numeric_limits<std::int64_t>;
  CHECK(view().at("most").integer() == Limits::max());
  CHECK(view().at("least").integer() == Limits::min());
  for (const std::string_view field : {"more", "unsigned", "huge", "tiny"}) {
    CAPTURE(field);
    CHECK(refusal(field, [](const JsonView& v) { return v.integer(); }) ==
          config("json-wrong-type"));
  }
  CHECK(view().at("huge").number() == 18446744073709551616.0);
}

TEST_CASE("Errors name the document and the path of the field") {
  CHECK(view().where() == "params.json");
  CHECK(view().at("deep").at("er").where() == "params.json: deep: er");
  CHECK(view().at("list").items()[1].at("a").where() == "params.json: list[1]: a");
  CHECK(refusal("whole", [](const JsonView& v) { return v.text(); }).message ==
        "params.json: whole: expected a text, found number");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
