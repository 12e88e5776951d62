// Help texts and man pages, written from the same tables that parse the command line. Pure, any
// thread.
#pragma once

#include <string>

#include "cli/command.h"

namespace keyrite::cli {

// 80 columns, a synopsis, the options with their defaults, a true example.
[[nodiscard]] std::string command_help(const Tool& tool, const Command& command);
// For a tool with several commands: what they are.
[[nodiscard]] std::string tool_help(const Tool& tool);
// roff for man(7): every command with its options, exit status, see also.
[[nodiscard]] std::string man_page(const Tool& tool);

}  // namespace keyrite::cli
