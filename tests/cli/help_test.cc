#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

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

// The names under "Commands:" in a program's help; else an empty name, for what the tool does by
// itself, and those under "Other commands:".
std::vector<std::string> commands_of(const std::string& help) {
  std::vector<std::string> names;
  auto start = help.find("\nCommands:\n");
  if (start == std::string::npos) {
    names.emplace_back();
    start = help.find("\nOther commands:\n");
  }
  if (start == std::string::npos) return names;
  std::istringstream lines(help.substr(start + 1));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.empty()) {
    // Set in by two blanks, and two or more before what it does; its name may have one. Lines that
    // go on are set in further.
    constexpr std::size_t kSetIn = 2;
    if (line.at(kSetIn) != ' ')
      names.push_back(line.substr(kSetIn, line.find("  ", kSetIn) - kSetIn));
  }
  return names;
}

// Every help text of a program and its commands.
std::string all_help(const std::string& program) {
  std::string text = run_program({program, "--help"}).out;
  for (const auto& command : commands_of(text)) {
    CAPTURE(command);
    std::vector<std::string> words{program};
    std::istringstream name(command);
    for (std::string word; name >> word;) words.push_back(word);
    words.emplace_back("--help");
    const auto run = run_program(words);
    REQUIRE(run.exit_code == 0);
    CHECK(run.err.empty());
    CHECK(run.out.find("Usage:  keyrite ") == 0);
    CHECK(run.out.find("Example: ") != std::string::npos);
    text += run.out;
  }
  return text;
}

// Its page, and the page of each of its commands.
std::string all_man_pages(const std::string& program) {
  std::string text = run_program({program, "--help-man"}).out;
  const auto names = run_program({program, "--help-man-names"});
  REQUIRE(names.exit_code == 0);
  std::istringstream lines(names.out);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    std::istringstream parts(line);
    std::string page;
    parts >> page;
    std::vector<std::string> words{program};
    for (std::string word; parts >> word;) words.push_back(word);
    words.emplace_back("--help-man");
    const auto man = run_program(words);
    REQUIRE(man.exit_code == 0);
    CHECK(without_backslashes(man.out).find("\n" + page + " - ") != std::string::npos);
    for (const char* section :
         {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"}) {
      CAPTURE(section);
      CHECK(man.out.find(std::string(".SH ") + section + "\n") != std::string::npos);
    }
    text += man.out;
  }
  return text;
}

void check_help(const std::string& program) {
  CAPTURE(program);
  const std::string help = all_help(program);
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
  // What the table of error codes tells people to do names options of every tool.
  const std::string man = all_man_pages(program);
  const std::string own = man.substr(0, man.find(".SH ERROR CODES"));
  CHECK(options_in(without_backslashes(own)) == options_in(help));
}

TEST_CASE("Help fits 80 columns, has an example, and names the same options as the man page") {
  check_help(KEYRITE_PROBE);
  for (const auto& tool : std::filesystem::directory_iterator(KEYRITE_TOOLS_DIR)) {
    check_help(tool.path().string());
  }
}

TEST_CASE("A tool with several commands lists them") {
  const auto run = run_program({KEYRITE_PROBE, "--help"});
  CHECK(run.exit_code == 0);
  for (const std::string command : {"fail", "work", "pin"}) {
    CHECK(run.out.find("\n  " + command + " ") != std::string::npos);
  }
  CHECK(run_program({KEYRITE_PROBE, "--version"}).out == "keyrite probe 0.2.0\n");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
