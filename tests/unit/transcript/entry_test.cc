#include "transcript/entry.h"

#include <doctest/doctest.h>

#include "base/canonical_json.h"
#include "support/command.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Refusal not_verified(std::string code) { return {Kind::kVerification, std::move(code), "", ""}; }

Refusal internal(std::string code) { return {Kind::kInternal, std::move(code), "", ""}; }

TEST_CASE("Canonical JSON is what python3 writes with sorted keys and no white space") {
  const Workshop shop;
  const Json value{
      {"z", nullptr},
      {"a", {1, -9007199254740991, 9007199254740991, true, false}},
      {"text", "quote \" slash / back \\ \b\f\n\r\t \x01 \x7f \xc3\xa4 \xf0\x9f\x94\x91"},
      {"nested", {{"b", Json::array()}, {"B", Json::object()}, {"a1", ""}}}};
  shop.put("value.json", as_bytes(dump_json(value)));
  const Bytes expected = shop.must(
      "python3 -c \"import json,sys; sys.stdout.buffer.write(json.dumps(json.load(open('value.json"
      "')),sort_keys=True,separators=(',',':'),ensure_ascii=False).encode())\"");
  CHECK(canonical_json(value) == as_text(expected));
  CHECK(parse_canonical_json(canonical_json(value), "value") == Json::parse(as_text(expected)));
}

TEST_CASE("What has no canonical form is not written") {
  for (const Json& value :
       {Json(1.5), Json{{"n", 9007199254740992}}, Json{{"n", -9007199254740992}},
        Json{{"\xc3\xa4", 1}}, Json("\xff"), Json{Json{1.0}}}) {
    CHECK(refusal_of([&] { (void)canonical_json(value); }) == internal("no-canonical-form"));
  }
}

TEST_CASE("JSON in another spelling than the canonical one is refused") {
  for (const std::string text :
       {R"({"b":1,"a":2})", R"({"a": 1})", R"({"a":1} )", R"({"a":1.0})", R"({"a":"\u0041"})",
        R"({"a":1e3})", R"({"a":9007199254740993})", R"({"a":-0})"}) {
    CAPTURE(text);
    CHECK(refusal_of([&] { (void)parse_canonical_json(text, "value"); }) ==
          config("json-not-canonical"));
  }
  CHECK(refusal_of([&] { (void)parse_canonical_json(R"({"a":1,"a":1})", "value"); }) ==
        config("json-duplicate-key"));
}

TEST_CASE("An entry says its place and the entry before it, and is read only there") {
  const auto lines = chained(3, "rotate");
  transcript::Hasher hasher;
  const transcript::Place second{.seq = 1, .prev = hasher.leaf(as_bytes(lines[0]))};
  CHECK(lines[0] == R"({"act":"rotate","n":0,"prev":"","seq":0})");
  CHECK(transcript::parse_entry(lines[1], second)["n"] == 10);
  const auto code = [&](const std::string& line, const transcript::Place& place) {
    return refusal_of([&] { (void)transcript::parse_entry(line, place); });
  };
  CHECK(code(lines[2], second) == not_verified("entry-misplaced"));
  CHECK(code(lines[1], {.seq = 1, .prev = hasher.leaf({})}) == not_verified("entry-chain-broken"));
  CHECK(code(R"({"seq":1})", second) == not_verified("entry-invalid"));
  CHECK(code(R"([1])", second) == not_verified("entry-invalid"));
  CHECK(code(R"({"prev":"","seq":"1"})", second) == not_verified("entry-invalid"));
  CHECK(code("no json", second) == not_verified("entry-invalid"));
}

TEST_CASE("An entry is at most 65535 bytes, and names its place itself") {
  const auto made = [](const Json& content) {
    return refusal_of([&] { (void)transcript::entry_bytes(content, {}); });
  };
  const std::size_t frame = transcript::entry_bytes({{"t", ""}}, {}).size();
  CHECK(made({{"t", std::string(65'535 - frame, 'x')}}) == Refusal{});
  CHECK(made({{"t", std::string(65'536 - frame, 'x')}}) == internal("entry-over-limit"));
  CHECK(made({{"seq", 1}}) == internal("entry-field-reserved"));
  CHECK(made({{"prev", ""}}) == internal("entry-field-reserved"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
