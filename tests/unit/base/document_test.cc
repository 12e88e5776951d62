#include "base/document.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr DocumentKind kKind{"keyrite-bundle", 3, "manifest"};

Refusal kind_refusal(const Json& value) {
  return refusal_of([&] { require_kind(JsonView(value, "manifest.json"), kKind); });
}

template <typename Read>
Refusal refusal(const Json& value, Read read) {
  return refusal_of([&] { static_cast<void>(read(JsonView(value, "manifest.json"), kKind)); });
}

TEST_CASE("A document of its format and version is taken") {
  CHECK(kind_refusal({{"format", "keyrite-bundle"}, {"version", 3}, {"more", 1}}) == Refusal{});
}

TEST_CASE("A document of another format is refused by name") {
  for (const Json& value :
       {Json{{"version", 3}}, Json{{"format", nullptr}, {"version", 3}},
        Json{{"format", 7}, {"version", 3}}, Json{{"format", ""}, {"version", 3}},
        Json{{"format", "keyrite-bundle "}, {"version", 3}},
        Json{{"format", "keyrite-expected"}, {"version", 3}}, Json::object()}) {
    CAPTURE(value.dump());
    CHECK(kind_refusal(value) == config("manifest-format"));
  }
  CHECK(kind_refusal(Json{{"version", 3}}).message ==
        "manifest.json is not a \"keyrite-bundle\" document");
  CHECK(kind_refusal(Json::array({1})) == config("json-wrong-type"));
}

TEST_CASE("A document of another version is refused with a remedy") {
  for (const Json& version : {Json(2), Json(4), Json(0), Json(-3)}) {
    const Json value{{"format", "keyrite-bundle"}, {"version", version}};
    CAPTURE(version.dump());
    CHECK(kind_refusal(value) == config("manifest-version"));
    CHECK_FALSE(kind_refusal(value).hint.empty());
  }
  const Json far{{"format", "keyrite-bundle"}, {"version", 4294967299}};  // 3 in 32 bits
  CHECK(kind_refusal(far) == config("manifest-version"));
}

TEST_CASE("A version that is missing or no whole number is refused") {
  CHECK(kind_refusal({{"format", "keyrite-bundle"}}) == config("json-missing-field"));
  for (const Json& version : {Json("3"), Json(3.0), Json(true), Json::array({3})}) {
    CAPTURE(version.dump());
    CHECK(kind_refusal({{"format", "keyrite-bundle"}, {"version", version}}) ==
          config("json-wrong-type"));
  }
}

TEST_CASE("Fields that this version does not know are refused by name") {
  const auto only = [](const Json& value) {
    return refusal_of([&] {
      require_only(JsonView(value, "manifest.json: key"), kKind, {"label", "id"});
    });
  };
  CHECK(only(Json::object()) == Refusal{});
  CHECK(only({{"id", 1}, {"label", nullptr}}) == Refusal{});
  for (const std::string name : {"Label", "label ", "", "lab", "labels"}) {
    CAPTURE(name);
    CHECK(only({{"id", 1}, {name, 2}}) == config("manifest-unknown-field"));
  }
  CHECK(only({{"id", 1}, {"wrap", 2}}).message ==
        "manifest.json: key has the field \"wrap\", which version 3 does not know");
}

TEST_CASE("What is no object has no fields to compare") {
  for (const Json& value : {Json(1), Json("label"), Json::array({"label"}), Json(nullptr)}) {
    CAPTURE(value.dump());
    CHECK(refusal_of([&] {
            require_only(JsonView(value, "manifest.json: key"), kKind, {"label"});
          }) == config("json-wrong-type"));
  }
}

TEST_CASE("refuse_value says where and why") {
  const Refusal found =
      refusal_of([] { refuse_value(JsonView(Json(1), "manifest.json: id"), kKind, "too short"); });
  CHECK(found == config("manifest-invalid"));
  CHECK(found.message == "manifest.json: id: too short");
}

TEST_CASE("Hex in documents is lower-case and of whole bytes") {
  for (const std::string text : {"", "00", "0123456789abcdef"}) {
    CHECK(hex_text(JsonView(Json(text), "m"), kKind) == text);
  }
  for (const std::string text : {"0", "abc", "AB", "0x", "a b ", "0g", "ab\n", "\xc3\xa4"}) {
    CAPTURE(text);
    CHECK(refusal(text, hex_text) == config("manifest-invalid"));
  }
  CHECK(refusal(7, hex_text) == config("json-wrong-type"));
}

TEST_CASE("A SHA-256 in documents has 64 lower-case hex digits") {
  const std::string good(64, 'a');
  CHECK(sha256_text(JsonView(Json(good), "m"), kKind) == good);
  for (const std::string& text : {std::string(), std::string(63, 'a'), std::string(65, 'a'),
                                  std::string(66, 'a'), std::string(40, 'a'), std::string(64, 'A'),
                                  std::string(63, 'a') + "g", std::string(63, 'a') + "\n"}) {
    CAPTURE(text);
    CHECK(refusal(text, sha256_text) == config("manifest-invalid"));
  }
  CHECK(refusal(nullptr, sha256_text) == config("json-wrong-type"));
}

TEST_CASE("Texts of one line have no control characters") {
  for (const std::string text : {"", "a b", "\xc3\xa4\xe2\x82\xac", "~\\\"'", "\xc2\xa0\xc3\x80"}) {
    CHECK(one_line_text(JsonView(Json(text), "m"), kKind) == text);
  }
  for (const std::string text : {"a\nb", "\r", "\t", "\x1b[2J", "\x7f", "a\x1f", "\xc2\x80",
                                 "a\xc2\x9b"
                                 "2J"}) {
    CAPTURE(text);
    CHECK(refusal(text, one_line_text) == config("manifest-invalid"));
  }
  CHECK(refusal(Json::array(), one_line_text) == config("json-wrong-type"));
}

TEST_CASE("Counts are whole numbers that are not negative") {
  CHECK(count_of(JsonView(Json(0), "m"), kKind) == 0);
  CHECK(count_of(JsonView(Json(9223372036854775807), "m"), kKind) == 9223372036854775807U);
  CHECK(refusal(-1, count_of) == config("manifest-invalid"));
  for (const Json& value : {Json(1.0), Json("1"), Json(true), Json(18446744073709551615U)}) {
    CAPTURE(value.dump());
    CHECK(refusal(value, count_of) == config("json-wrong-type"));
  }
}

TEST_CASE("An optional text is empty when absent or null and of one line otherwise") {
  const Json value{{"a", "text"}, {"b", nullptr}, {"c", "x\ny"}, {"d", 1}};
  const JsonView view(value, "manifest.json");
  CHECK(text_or_empty(view, "a", kKind) == "text");
  CHECK(text_or_empty(view, "b", kKind).empty());
  CHECK(text_or_empty(view, "z", kKind).empty());
  const auto of = [&](std::string_view name) {
    return refusal_of([&] { static_cast<void>(text_or_empty(view, name, kKind)); });
  };
  CHECK(of("c") == config("manifest-invalid"));
  CHECK(of("c").message == "manifest.json: c: control characters are not allowed");
  CHECK(of("d") == config("json-wrong-type"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
