// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The minutes of a ceremony for people: one HTML page that needs nothing else, with room for
// signatures. The same minutes give the same page, byte for byte. Pure; any thread.
#pragma once

#include <string>

#include "ceremony/minutes.h"
#include "ceremony/paper.h"

namespace keyrite::ceremony {

[[nodiscard]] std::string minutes_page(const Minutes& minutes, Paper paper);

// "done", "failed, and the ceremony ended": for the page and for a terminal.
[[nodiscard]] std::string happened_words(const StepMinutes& step);
// "Completed, with 2 deviations."
[[nodiscard]] std::string ended_words(const Minutes& minutes);

}  // namespace keyrite::ceremony
