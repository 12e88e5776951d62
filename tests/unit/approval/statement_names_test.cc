#include "approval/statement_names.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kSalt = std::string(32, 'a');
const std::string kPseudonym = std::string(32, '1');

std::string refusal(const std::string& text) {
  return failure_of(
             [&] { static_cast<void>(approval::names_from_bytes(as_bytes(text), "names.json")); })
      .code;
}

TEST_CASE("names.json has the bytes that python3 writes, and gives the names back") {
  const approval::Names names{{kPseudonym, "caf\xc3\xa9 \"acme\""}, {std::string(32, '2'), ""}};
  const std::string text = approval::names_text(names, kSalt);
  CHECK(approval::names_from_bytes(as_bytes(text), "names.json") == names);
  const Workshop shop;
  shop.put("names.json", as_bytes(text));
  CHECK(as_text(shop.must("/usr/bin/python3 -c 'import json,sys; "
                          "sys.stdout.buffer.write(json.dumps(json.load(open(\"names.json\","
                          "encoding=\"utf-8\")),sort_keys=True,separators=(\",\",\":\"),"
                          "ensure_ascii=False).encode())'")) == text);
}

TEST_CASE("What is no names.json is refused") {
  const std::string good = approval::names_text({{kPseudonym, "acme"}}, kSalt);
  CHECK(refusal(good) == "no error");
  CHECK(refusal("[]") == "names-invalid");
  CHECK(refusal("{}") == "names-invalid");
  CHECK(refusal(R"({"salt":"00"})") == "names-invalid");
  CHECK(refusal(R"({"name":"acme","salt":")" + kSalt + "\"}") == "names-invalid");
  CHECK(refusal("{\"" + kPseudonym + R"(":1,"salt":")" + kSalt + "\"}") == "names-invalid");
  CHECK(refusal("{") == "json-invalid");
  CHECK(failure_of([] {
          static_cast<void>(approval::names_text({{kPseudonym, "\xff"}}, kSalt));
        }).code == "name-not-text");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
