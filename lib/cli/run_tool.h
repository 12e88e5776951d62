// What all tools have in common around their commands: harden the process, read the command line,
// run, report, and tell the truth by the exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/env.h"

namespace keyrite::cli {

// A tool's main(). Returns the exit code (base/error.h), 0 when done. A tool that was at a token
// does not return but ends the process, since modules have been seen to crash when their own exit
// handlers run.
int run_tool(int argc, char** argv, const Tool& tool);

// The same without hardening and without ending the process; `words` are the arguments after the
// program's name.
[[nodiscard]] int run_words(const std::vector<std::string>& words, const Tool& tool, Env& env);

}  // namespace keyrite::cli
