// Help texts and man pages, written from the same tables that parse the command line. Pure, any
// thread.
#pragma once

#include <string>

#include "cli/command.h"

namespace keyrite::cli {

// A synopsis, the options with their defaults, a true example; for a screen of `columns`, and 80 at
// most. 0: it is no terminal, which makes 80 too.
[[nodiscard]] std::string command_help(const Tool& tool, const Command& command, unsigned columns);
// For a tool with several commands: what they are.
[[nodiscard]] std::string tool_help(const Tool& tool, unsigned columns);
// Of keyrite itself: the tools.
[[nodiscard]] std::string dispatcher_help(unsigned columns);
// roff for man(7). The page of a tool: its commands, and all about what it does without the name of
// one. The page of a command: synopsis, options, exit status, environment, files, examples.
[[nodiscard]] std::string man_page(const Tool& tool);
[[nodiscard]] std::string command_man_page(const Tool& tool, const Command& command);
// One line for each command that has a page: the page's name, a blank, the words of the command.
[[nodiscard]] std::string man_page_names(const Tool& tool);

}  // namespace keyrite::cli
