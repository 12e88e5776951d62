// The world of a tool: streams, clock, environment variables, the person at the terminal.
// process_env() gives the real one; tests give their own. The streams are borrowed. One thread.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "cli/terminal.h"

namespace keyrite::cli {

struct Env {
  std::ostream* out{};  // documents for programs: --json, --help, --version
  std::ostream* err{};  // texts for people
  // Of the terminal that each of them is (cli/screen_columns.h); 0: it is none.
  unsigned out_columns{};
  unsigned err_columns{};
  int err_descriptor{-1};  // of `err`; -1: none, in tests
  // Whether each of them is written in colour (cli/color.h).
  bool out_color{false};
  bool err_color{false};
  Clock now{};
  std::function<std::optional<std::string>(std::string_view name)> variable{};
  Terminal terminal{};
  // cli/signal_guard.h; unset: signals act as they do
  std::function<void()> hold_signals{};
  std::function<void()> release_signals{};
  std::function<bool()> interrupted{};
  std::string user{};     // the name of the user this runs as; his number where he has none
  std::string program{};  // the running program's file
};

[[nodiscard]] Env process_env();

// The remedy where nothing was changed: no token was in use, and no log.
inline constexpr std::string_view kUnwritableHint =
    "make room where standard output goes, then run the command again; the disk may be full";

// Error kFailed "output-unwritable" with this hint when what was written to env.out did not arrive:
// a full disk is a failure, not a success that nobody saw.
void flush_output(Env& env, std::string_view hint = kUnwritableHint);

}  // namespace keyrite::cli
