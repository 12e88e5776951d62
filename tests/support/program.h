// Runs one of our programs as its users do: its own process and session (so no terminal), standard
// input from a text, both outputs caught apart. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace keyrite::test {

struct ProgramSettings {
  std::string input{};
  std::map<std::string, std::string> environment{};  // added to ours
  std::string out_path{};                            // standard output goes there and is not caught
  std::vector<int> closed{};                         // descriptors the program starts without
};

struct ProgramRun {
  int exit_code{};  // 128 + n when signal n ended it
  std::string out{};
  std::string err{};
};

// `words[0]` is the program's path, or a name on the PATH. Fails the running test case when it
// cannot be started.
[[nodiscard]] ProgramRun run_program(const std::vector<std::string>& words,
                                     const ProgramSettings& settings = {});

// The path of a tool in the build tree, for instance tool_path("generate-kek").
[[nodiscard]] std::string tool_path(const std::string& name);

}  // namespace keyrite::test
