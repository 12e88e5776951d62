// The program `keyrite`: `keyrite TOOL ...` becomes libexec/keyrite/TOOL, found by its place
// relative to the dispatcher itself, so that any prefix works and so does the build tree. Holds no
// secrets and loads no module.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli/env.h"

namespace keyrite::cli {

// What the words after `keyrite` ask for.
struct Dispatch {
  std::vector<std::string>
      program{};       // name and arguments of the tool to run; empty: nothing is run
  std::string text{};  // to standard output, where nothing is run
};

// Pure. Errors kUsage: "tool-unknown" (with the nearest in the hint), "option-unknown",
// "argument-unexpected".
// `columns`: of the screen that shows the text; 0: it is no terminal.
[[nodiscard]] Dispatch dispatch(const std::vector<std::string>& words, unsigned columns);

// keyrite(1).
[[nodiscard]] std::string dispatcher_man_page();

// main() of the dispatcher. `libexec` is the tools' folder relative to that of this program.
// Returns only when no tool was started: the exit code (kConfig "tool-not-startable" when a known
// tool cannot be).
int run_dispatcher(int argc, char** argv, std::string_view libexec);

}  // namespace keyrite::cli
