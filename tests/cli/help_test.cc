#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.h"

namespace keyrite {
namespace {

using test::run_program;

std::set<std::string> options_in(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), option);
       it != std::sregex_iterator(); ++it) {
    found.insert(it->str());
  }
  return found;
}

std::string without_backslashes(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\\'), text.end());
  return text;
}

// Every help text of a program and its commands.
std::string all_help(const std::string& program, const std::vector<std::string>& commands) {
  std::string text;
  for (const auto& command : commands) {
    const auto run =
        run_program(command.empty() ? std::vector<std::string>{program, "--help"}
                                    : std::vector<std::string>{program, command, "--help"});
    REQUIRE(run.exit_code == 0);
    CHECK(run.err.empty());
    CHECK(run.out.find("Usage:  keyrite ") == 0);
    CHECK(run.out.find("Example: ") != std::string::npos);
    text += run.out;
  }
  return text;
}

TEST_CASE("Help fits 80 columns and names the same options as the man page") {
  const std::string help = all_help(KEYRITE_PROBE, {"fail", "work", "pin"});
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  const auto man = run_program({KEYRITE_PROBE, "--help-man"});
  REQUIRE(man.exit_code == 0);
  CHECK(options_in(without_backslashes(man.out)) == options_in(help));
  CHECK(options_in(help).contains("--so-pin-file"));
}

TEST_CASE("A tool with several commands lists them") {
  const auto run = run_program({KEYRITE_PROBE, "--help"});
  CHECK(run.exit_code == 0);
  for (const std::string command : {"fail", "work", "pin"}) {
    CHECK(run.out.find("\n  " + command + " ") != std::string::npos);
  }
  CHECK(run_program({KEYRITE_PROBE, "--version"}).out == "keyrite probe 0.1.0\n");
}

}  // namespace
}  // namespace keyrite
