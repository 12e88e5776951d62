// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A report for programs, and what its numbers come to. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/json.h"
#include "report/facts.h"

namespace keyrite::report {

// How many versions are in each state.
[[nodiscard]] std::map<std::string, std::size_t> states_at_start(const Report& report);
[[nodiscard]] std::map<std::string, std::size_t> states_at_end(const Report& report);
[[nodiscard]] std::size_t overdue_in(const Report& report);
[[nodiscard]] std::size_t pending_in(const Report& report);  // shreds
// One sentence of what is most wanted.
[[nodiscard]] std::string headline_of(const Report& report);

[[nodiscard]] Json to_json(const Report& report);
[[nodiscard]] Json to_json(const Source& source);

}  // namespace keyrite::report
