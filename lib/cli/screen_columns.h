// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// How wide the screen is that a text is shown on. What is no terminal has no width: pipes, files
// and less get lines as they are (CONTRIBUTING.md). Reads the environment; any thread.
#pragma once

namespace keyrite::cli {

// 0 where the descriptor is no terminal. Else the number in COLUMNS, where that was exported and is
// one from 20 to 1000; else what the terminal says (TIOCGWINSZ), or 80 where it does not know.
[[nodiscard]] unsigned screen_columns(int descriptor);

}  // namespace keyrite::cli
