// The examples of docs/formats/json.md have exactly the fields, of exactly the types, that the
// programs print.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/json.h"
#include "cli/room.h"

namespace keyrite::test {
namespace {

// Every path in a document with the type that stands there: "result.rows[].what: string". The names
// under "attributes" depend on key and token.
void add_shape(const Json& value, const std::string& path, std::set<std::string>& shape) {
  shape.insert(path + ": " + value.type_name());
  if (value.is_array()) {
    for (const auto& element : value) add_shape(element, path + "[]", shape);
  } else if (value.is_object()) {
    for (const auto& entry : value.items()) {
      const bool open = path.ends_with("attributes");
      add_shape(entry.value(), path + "." + (open ? std::string("*") : entry.key()), shape);
    }
  }
}

std::set<std::string> shape_of(const Json& document) {
  std::set<std::string> shape;
  add_shape(document, "", shape);
  return shape;
}

// The block that opens with ```json NAME.
Json example(const std::string& name) {
  std::ifstream file(std::string(KEYRITE_SOURCE_DIR) + "/docs/formats/json.md");
  REQUIRE(file.good());
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string fence = "```json " + name + "\n";
  const auto start = text.find(fence);
  REQUIRE(start != std::string::npos);
  const auto end = text.find("\n```", start);
  REQUIRE(end != std::string::npos);
  const std::string block = text.substr(start + fence.size(), end - start - fence.size());
  return parse_json(as_bytes(block), name);
}

// Runs the program and compares what it prints with the example. Gives what it printed.
Json check_example(const std::string& name, const Words& words, int exit_code) {
  CAPTURE(name);
  const auto run = run_program(words + Words{"--json"});
  CAPTURE(run.err);
  CHECK(run.exit_code == exit_code);
  Json printed = parse_json(as_bytes(run.out), "output");
  const Json documented = example(name);
  CHECK(shape_of(printed) == shape_of(documented));
  CHECK(printed["keyrite"] == documented["keyrite"]);
  CHECK(printed["version"] == documented["version"]);
  return printed;
}

TEST_CASE("What generate-kek prints has the shape that is documented") {
  const Room room;
  if (!room.token) return;
  const auto make = [&](const char* type, const char* label, const Words& more) {
    return Words{tool_path("generate-kek"), "--type", type, "--label", label} + room.at_token() +
           more;
  };
  check_example("generate-kek-plan", make("aes-256", "next", {"--dry-run"}), 0);
  check_example("generate-kek-result", make("aes-256", "acme", {"--for", "aws"}), 0);
  check_example("generate-kek-pair-result", make("ec-p384", "pair", {}), 0);
  const Json error = check_example("error", make("aes-256", "acme", {}), 4);
  CHECK(error == example("error"));
}

TEST_CASE("What wrap-for-import and verify-import print has the shape that is documented") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  const Words wrap = room.wrap_for_aws("good.json", "acme", "acme.aws") + room.at_token();
  check_example("wrap-for-import-plan", wrap + Words{"--dry-run"}, 0);
  check_example("wrap-for-import-result", wrap, 0);
  const std::string verify = tool_path("verify-import");
  check_example("verify-import-bundle-result", {verify, "bundle", room.path("acme.aws")}, 0);
  const Json described{
      {"KeyMetadata",
       {{"KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"Arn", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"KeyState", "Enabled"},
        {"Origin", "EXTERNAL"}}}};
  room.shop.put("describe.json", as_bytes(dump_json(described)));
  const Words answers{verify, "answers", room.path("acme.aws"), "--evidence",
                      room.path("describe.json")};
  check_example("verify-import-answers-result", answers, 7);
}

TEST_CASE("What token-check prints has the shape that is documented, and a token's answer too") {
  const Room room;
  if (!room.token) return;
  check_example("token-check-result", Words{tool_path("token-check")} + room.at_token(), 0);
  check_example("error-ckr", Words{tool_path("token-check")} + room.at_token("wrong-pin"), 5);
}

}  // namespace
}  // namespace keyrite::test
