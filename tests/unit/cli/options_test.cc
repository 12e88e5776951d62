#include "cli/options.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

struct Request {
  std::string label{};
  std::optional<std::string> id{};
  bool force{false};
  std::optional<std::uint32_t> size{};
  std::vector<std::string> providers{};
  std::vector<std::string> files{};

  static const std::vector<act::Field<Request>>& table() {
    static const std::vector<act::Field<Request>> table{
        {{.name = "label",
          .value = "TEXT",
          .help = "a",
          .need = act::Need::kRequired,
          .binds = act::Binds::plain()},
         &Request::label},
        {{.name = "id", .value = "HEX", .help = "b", .binds = act::Binds::plain()}, &Request::id},
        {{.name = "force", .help = "c", .binds = act::Binds::plain()}, &Request::force},
        {{.name = "size", .value = "N", .help = "d", .binds = act::Binds::plain()}, &Request::size},
        {{.name = "for",
          .value = "WHO",
          .help = "e",
          .choices = {"aws", "azure"},
          .binds = act::Binds::plain()},
         &Request::providers},
        {{.name = "file",
          .value = "FILE",
          .help = "f",
          .shape = act::Shape::kPositional,
          .binds = act::Binds::plain()},
         &Request::files}};
    return table;
  }
};

Request parsed(const std::vector<std::string>& words) {
  Request request;
  parse_words(words, {{"Options", act::bind(Request::table(), request)}});
  return request;
}

std::string refusal(const std::vector<std::string>& words) {
  try {
    (void)parsed(words);
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kUsage);
    CHECK_FALSE(error.hint().empty());
    return error.code();
  }
  return "taken";
}

TEST_CASE("Words become fields, each shape its own way") {
  const Request request =
      parsed({"--label", "a b", "one", "--for", "aws", "--force", "--for=azure", "--size=3", "two",
              "--id", "[1,2]", "[3,4]", "--force", "--", "--three"});
  CHECK(request.label == "a b");
  CHECK(request.providers == std::vector<std::string>{"aws", "azure"});
  CHECK(request.force);
  CHECK(request.size == 3U);
  CHECK(request.id == "[1,2]");
  CHECK(request.files == std::vector<std::string>{"one", "two", "[3,4]", "--three"});
}

TEST_CASE("A list option takes the words up to the next option") {
  const Request request =
      parsed({"one", "--for", "aws", "azure", "aws", "--label", "x", "two", "--for=aws", "three"});
  CHECK(request.providers == std::vector<std::string>{"aws", "azure", "aws", "aws"});
  CHECK(request.files == std::vector<std::string>{"one", "two", "three"});
  CHECK(refusal({"--for", "aws", "[azure,aws]"}) == "value-not-allowed");
  CHECK(parsed({"--for", "aws", "--", "azure"}).files == std::vector<std::string>{"azure"});
}

TEST_CASE("A value is taken as it stands") {
  for (const std::string value : {"--x", "-1", "a=b", "", "\"q\"", "a,b", "%", "\\n", "{}", "ä"}) {
    CAPTURE(value);
    if (value.empty()) continue;
    CHECK(parsed({"--label=" + value}).label == value);
  }
  CHECK(parsed({"--label", "-1"}).label == "-1");
}

TEST_CASE("An option never swallows another one") {
  CHECK(refusal({"--label", "--force"}) == "argument-missing");
  CHECK(refusal({"--label=", "--force"}) == "value-empty");
  CHECK(refusal({"--label", ""}) == "value-empty");
  CHECK(refusal({"--label"}) == "argument-missing");
  CHECK(refusal({"--force=false"}) == "argument-unexpected");
}

TEST_CASE("What is not known or not allowed is refused") {
  CHECK(refusal({"--lable", "x"}) == "option-unknown");
  CHECK(refusal({"--lab", "x"}) == "option-unknown");
  CHECK(refusal({"-f"}) == "option-unknown");
  CHECK(refusal({"--for", "gcp"}) == "value-not-allowed");
  CHECK(refusal({"--size", "-1"}) == "value-not-a-number");
  CHECK(refusal({"--size", "4294967296"}) == "value-not-a-number");
  CHECK(refusal({"--label", "a", "--label", "b"}) == "value-given-twice");
}

TEST_CASE("A required field that is missing is named") {
  Request request;
  try {
    require_complete({{"Options", act::bind(Request::table(), request)}});
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == "value-missing");
    CHECK(error.message() == "--label is missing");
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
