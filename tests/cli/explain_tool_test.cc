#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "cli/document_shape.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

using test::run_program;

test::ProgramRun explain(std::vector<std::string> words) {
  words.insert(words.begin(), {KEYRITE_DISPATCHER, "explain"});
  return run_program(words);
}

Json parsed(const std::string& text) { return parse_json(as_bytes(text), "output"); }

TEST_CASE("keyrite explain says what a code means, on standard output and in 80 columns") {
  const auto run = explain({"parameters-expired"});
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(run.out ==
        "parameters-expired: exit code 3 (config)\n\n"
        "The import parameters are no longer valid.\n\n"
        "What to do:\n"
        "Check the clock of this machine. Then fetch new import parameters.\n");
  std::istringstream lines(explain({}).out);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK(line.size() <= 80);
  CHECK(count > 500);
}

TEST_CASE("What a tool prints as its code is explained with the exit code that it ended with") {
  const std::vector<std::vector<std::string>> mistakes{
      {"verify-import", "answers", "--no-such-option"},
      {"verify-import", "bundle", "/nowhere/at-all"},
      {"transcript", "verify"},
      {"explain", "no-such-code"},
      {"no-such-tool"}};
  for (const auto& words : mistakes) {
    CAPTURE(words.front());
    std::vector<std::string> command{KEYRITE_DISPATCHER};
    command.insert(command.end(), words.begin(), words.end());
    const auto failed = run_program(command);
    const auto start = failed.err.find(": code: ");
    REQUIRE(start != std::string::npos);
    const auto code = failed.err.substr(start + 8, failed.err.find(' ', start + 8) - start - 8);
    CAPTURE(code);
    const auto told = explain({code, "--json"});
    REQUIRE(told.exit_code == 0);
    CHECK(parsed(told.out)["result"]["exit_code"] == failed.exit_code);
    CHECK(parsed(told.out)["result"]["code"] == code);
  }
}

TEST_CASE("docs/formats/json.md shows what keyrite explain prints with --json") {
  CHECK(parsed(explain({"label-taken", "--json"}).out) ==
        test::documented_example("explain-result"));
}

TEST_CASE("An unknown code is exit 2, and the nearest one is named") {
  const auto run = explain({"parameter-expired", "--json"});
  CHECK(run.exit_code == 2);
  CHECK(parsed(run.out)["error"]["code"] == "error-unknown");
  CHECK(run.err.find("did you mean parameters-expired?") != std::string::npos);
}

TEST_CASE("docs/errors.md is what keyrite explain --markdown prints") {
  const auto run = explain({"--markdown"});
  CHECK(run.exit_code == 0);
  CHECK(run.out == as_text(read_file(KEYRITE_SOURCE_DIR "/docs/errors.md")));
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--markdown", "pin-wrong"},
                                                std::vector<std::string>{"--markdown", "--json"}}) {
    const auto refused = explain(words);
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("code: markdown-with-other ") != std::string::npos);
    CHECK(refused.out.find("| code |") == std::string::npos);
  }
}

TEST_CASE("The man page of explain has every code, with its exit code") {
  const auto man = run_program({KEYRITE_TOOLS_DIR "/explain", "--help-man"});
  REQUIRE(man.exit_code == 0);
  CHECK(man.out.find(".SH ERROR CODES\n") != std::string::npos);
  const Json document = parsed(explain({"--json"}).out);
  const Json& errors = document["result"]["errors"];
  CHECK(errors.size() > 500);
  for (const auto& error : errors) {
    const auto code = error["code"].get<std::string>();
    CAPTURE(code);
    std::string roff = "\n.B ";
    for (const char c : code) roff += c == '-' ? std::string("\\-") : std::string(1, c);
    roff += "\nExit code " + std::to_string(error["exit_code"].get<int>()) + " ";
    CHECK(man.out.find(roff) != std::string::npos);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
