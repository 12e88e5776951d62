// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts for people, laid out for the width of their terminal. Whoever writes a text looks at no
// width: a sentence is one line, a table comes from format_table, hex is written as it is, and a
// command comes from command_in_lines(). cli lays all of it out when it is shown, and only there.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite {

// "8f3a 02c1 ...", as people read it aloud.
[[nodiscard]] std::string in_fours(std::string_view hex);
// Groups of four digits, eight in a line, each line set in by four blanks and ended: what is
// compared and written down.
[[nodiscard]] std::string hex_lines(std::string_view hex);

// A command to type, of parts that each stay on one line ("--out bundle") and are in the shell's
// quotes already (shell_quote). Lines end with a backslash where it goes on, so that it may be
// pasted as it is shown; set in by command_text() they fit 80 columns where their parts do.
[[nodiscard]] std::string command_in_lines(const std::vector<std::string>& parts);
// The command for people: every line printable, set in by four blanks, and ended.
[[nodiscard]] std::string command_text(std::string_view command);

// The text with no line longer than `columns`. Lines are split between words, and words that are
// longer than a line where a URI or a path may be; they go on below where their text began, or the
// last column of their table. A word that is longer than its column is below its line. A line that
// is one word (a vkey) stays whole: it is copied. Hex of 40 digits and more is below its line, in
// groups of four. A line that is a command (set in by exactly four blanks, and begins with a
// program) is split by backslashes alone. `columns` 0: no terminal; lines as they are, for grep,
// less and files. `head` ("keyrite: error: ") is before each line but those of commands.
[[nodiscard]] std::string lay_out(std::string_view text, unsigned columns,
                                  std::string_view head = {});

}  // namespace keyrite
