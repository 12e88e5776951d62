// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What ends the text of an act that made something: what people write down, and what they do next,
// with the commands to type, in their order. script_steps() reads a folder; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "act/context.h"

namespace keyrite::act {

// A line to write down. SHA-256 (lower-case hex) is shown in groups of four; any other value as it
// is, printable, on a line of its own.
struct Noted {
  std::string what{};
  std::string value{};
};

struct NextStep {
  std::string what{};                // "import it, on the connected machine"
  std::vector<std::string> parts{};  // of its command, quoted (base/screen.h); empty: it has none
};

// Without what comes next where the act is a step of a ceremony, which says that itself.
[[nodiscard]] std::string closing(const Context& context, const std::vector<Noted>& noted,
                                  const std::vector<NextStep>& next);

// A step for each script (*.sh) in a folder for the connected machine, in the order of their names.
[[nodiscard]] std::vector<NextStep> script_steps(const std::string& folder,
                                                 const std::string& what);

// What a command of keyrite takes to work where this act did: at its token ("token-check"), or on
// files alone.
enum class NextAt { kToken, kFiles };
// The parts with the options of this act's site or token behind them, so that the command works as
// it is typed: --site where the site was given by it, and not by KEYRITE_SITE; without a site
// --module and --token.
[[nodiscard]] std::vector<std::string> as_here(const Context& context, NextAt at,
                                               std::vector<std::string> parts);

// "--out bundle", the value in the shell's quotes.
[[nodiscard]] std::string option(std::string_view name, std::string_view value);

}  // namespace keyrite::act
