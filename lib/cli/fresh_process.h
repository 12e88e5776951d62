// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// This program once more, as a process that did nothing else: what a process that was at work may
// not say of itself. The question goes to its standard input, a PIN through a pipe of its own, and
// the answer comes from its standard output; nothing of it is in argv or in the environment. One
// process at a time; one thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "act/context.h"
#include "cli/command.h"
#include "cli/env.h"
#include "crypto/secret_bytes.h"

namespace keyrite::cli {

inline constexpr std::chrono::milliseconds kPatience{600'000};

// How act::Context::start_fresh starts it. Errors kFailed "process-not-started", "process-hangs":
// no answer for as long as `patience`.
[[nodiscard]] act::FreshProcess start_fresh(const std::string& program, std::string_view word,
                                            const std::string& question,
                                            const crypto::SecretBytes* pin,
                                            std::chrono::milliseconds patience = kPatience);

// What such a process does: reads the question and the PIN, and prints what `answer` returns, or
// {"error", "code"}. Returns the exit code.
using AnswerFresh =
    std::function<std::string(const std::string& question, const act::PinSource& pin)>;
[[nodiscard]] int run_fresh(const AnswerFresh& answer);

// The whole of the main() of a tool that starts itself so: with `word` alone it answers, else it is
// the tool.
[[nodiscard]] int run_tool_or_fresh(int argc, char** argv, const Tool& tool, std::string_view word,
                                    const AnswerFresh& answer);

}  // namespace keyrite::cli
