// The strict reader: what it takes, and one refusal for each thing that nlohmann-json lets pass.
#include "base/json.h"

#include <doctest/doctest.h>

#include <string>

#include "base/file.h"
#include "support/command.h"
#include "support/json_file.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Json parsed(std::string_view text) { return parse_json(as_bytes(text), "params.json"); }

Refusal refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(parsed(text)); });
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string whole;
  for (std::size_t i = 0; i < times; ++i) whole += text;
  return whole;
}

std::string nested(std::size_t levels, std::string_view innermost) {
  return repeated("[", levels) + std::string(innermost) + repeated("]", levels);
}

TEST_CASE("Every kind of JSON value is read as Python reads it") {
  const std::string text =
      "\r\n {\"text\": \"a\\u00e4\\ud83d\\ude00\\n\\\"\\\\\\/\xc3\xa4\", \"whole\": -42,\n"
      "\t\"big\": 18446744073709551615, \"real\": 1593893322.32, \"exponent\": 1E3,\n"
      "  \"yes\": true, \"no\": false, \"nothing\": null, \"list\": [1, [], {}], \"\": \"\"} \n";
  const Workshop shop;
  shop.put("a.json", as_bytes(text));
  shop.put("script.py", as_bytes("import json\n"
                                 "print(json.dumps(json.load(open('a.json')), indent=2))\n"));
  CHECK(dump_json(parsed(text)) == as_text(shop.must("python3 script.py")));
}

TEST_CASE("A scalar alone is a JSON document") {
  CHECK(parsed("true") == Json(true));
  CHECK(parsed(" 7 ") == Json(7));
  CHECK(parsed("\"a\"") == Json("a"));
  CHECK(parsed("null").is_null());
}

TEST_CASE("Keys keep the order in which they were written") {
  CHECK(parsed(R"({"z":1,"a":2,"m":{"y":1,"b":2}})").dump() ==
        R"({"z":1,"a":2,"m":{"y":1,"b":2}})");
}

TEST_CASE("What is no JSON is refused") {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "}",
                                      "[1",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "[1,]",
                                      "[,1]",
                                      "{a:1}",
                                      "{'a':1}",
                                      "nul",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "-",
                                      "+1",
                                      "01",
                                      "1.",
                                      ".5",
                                      "0x10",
                                      "1e",
                                      "\"a",
                                      "\"\\x41\"",
                                      "\"\\u12\"",
                                      "\"tab\there\"",
                                      "\"line\nbreak\"",
                                      "// c\n1",
                                      "1 /* c */",
                                      "-----BEGIN PUBLIC KEY-----"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-invalid"));
  }
}

TEST_CASE("Numbers that no double holds are refused") {
  for (const std::string& text :
       {std::string("1e999"), std::string("[-1E400]"),
        std::string("{\"ParametersValidTo\": 1e309}"), "1" + std::string(400, '0')}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-invalid"));
  }
  CHECK(parsed("1e-999").get<double>() == 0.0);
}

TEST_CASE("Nothing may stand after the value") {
  for (const std::string_view text : {"{} {}", "{}x", "1 2", "[]]", "{}\n,", "\"a\"\"b\""}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-invalid"));
  }
}

TEST_CASE("Invalid UTF-8 and lone surrogates are refused") {
  for (const std::string_view text :
       {"\"\x80\"", "\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"", "\"\xf0\x82\x82\xac\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\u0041\"", "{\"\xff\":1}", "\xff\xfe{\x01"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-invalid"));
  }
}

TEST_CASE("A key that stands twice is refused at every level") {
  for (const std::string_view text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"([{"a":1,"a":2}])",
        R"({"x":{"a":1,"a":2}})", R"({"a":{},"a":{}})", R"({"a":1,"\u0061":2})", R"({"":1,"":2})",
        R"({"a":{"b":1},"c":[{}],"a":null})"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-duplicate-key"));
  }
}

TEST_CASE("The same key in different objects is no duplicate") {
  CHECK(refusal(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":1})") == Refusal{});
}

TEST_CASE("NUL is refused as a byte and as an escape") {
  using namespace std::string_literals;
  for (const std::string& text :
       {"{}\0"s, "\0"s, "{\"a\":\"b\0c\"}"s, "{\"a\":\"b\\u0000c\"}"s, "{\"a\\u0000\":1}"s,
        "[\"\\u0000\"]"s, "{\0\"\0a\0\"\0:\0001\0}\0"s}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("json-nul-byte"));
  }
}

TEST_CASE("Nesting is allowed to 32 levels") {
  CHECK(refusal(nested(kMaxJsonDepth, "")) == Refusal{});
  CHECK(refusal(nested(kMaxJsonDepth, "1")) == Refusal{});
  CHECK(refusal(repeated("{\"a\":", kMaxJsonDepth) + "1" + repeated("}", kMaxJsonDepth)) ==
        Refusal{});
  CHECK(kMaxJsonDepth == 32);
}

TEST_CASE("Nesting deeper than 32 levels is refused even if it never ends") {
  const std::size_t deep = kMaxJsonDepth + 1;
  CHECK(refusal(nested(deep, "1")) == config("json-too-deep"));
  CHECK(refusal(nested(deep, "")) == config("json-too-deep"));
  CHECK(refusal(nested(kMaxJsonDepth, "{}")) == config("json-too-deep"));
  CHECK(refusal(repeated("{\"a\":", deep) + "1" + repeated("}", deep)) == config("json-too-deep"));
  CHECK(refusal(std::string(kMaxInputFile, '[')) == config("json-too-deep"));
  CHECK(refusal(repeated("{\"a\":", 1000)) == config("json-too-deep"));
}

TEST_CASE("Documents larger than any input are refused before they are parsed") {
  const std::string largest = "\"" + std::string(kMaxInputFile - 2, 'a') + "\"";
  CHECK(refusal(largest) == Refusal{});
  CHECK(refusal(largest + " ") == config("json-too-large"));
  CHECK(refusal(std::string(100U << 20U, '[')) == config("json-too-large"));
}

TEST_CASE("Refusals name the document with its name escaped and give a remedy") {
  const Refusal found = refusal_of([] { static_cast<void>(parse_json(as_bytes("{"), "a\x1b")); });
  CHECK(found.message.rfind("a\\x1b: ", 0) == 0);
  CHECK_FALSE(found.hint.empty());
  CHECK(refusal("{\"a\x7f\":1,\"a\x7f\":1}").message.find("\"a\\x7f\"") != std::string::npos);
}

TEST_CASE("A JSON file of 100 MB is refused") {
  const Workshop shop;
  shop.must("printf '\"' > big.json && truncate -s 100M big.json");
  CHECK(refusal_of([&] {
          static_cast<void>(read_json_file((shop.folder() / "big.json").string()));
        }) == config("file-too-large"));
}

TEST_CASE("JSON is written indented and in ASCII with a final line feed") {
  CHECK(dump_json(Json{{"b", "\xc3\xa4\xf0\x9f\x98\x80\x01"}, {"a", Json::array()}}) ==
        "{\n  \"b\": \"\\u00e4\\ud83d\\ude00\\u0001\",\n  \"a\": []\n}\n");
  CHECK(dump_json(Json(nullptr)) == "null\n");
}

TEST_CASE("Bytes that are no UTF-8 are written as the replacement character") {
  CHECK(dump_json(Json{{"folder", "a\xff/\xc3"}}) == "{\n  \"folder\": \"a\\ufffd/\\ufffd\"\n}\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
