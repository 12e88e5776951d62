// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Where in a log the results are that set decisions, so that whoever needs those reads nothing
// else. A list beside the log, a line "INDEX BYTE" for each. Nobody believes it: the history of the
// log has the chain of their leaf hashes. Reads and writes files; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "transcript/history.h"
#include "transcript/log_reader.h"

namespace keyrite::transcript {

using IndexedLine = std::pair<std::uint64_t, std::string>;

// The first results of a log that set decisions, as the history has them. Empty, and
// `decided.count` is not 0: the list or the log does not have them.
[[nodiscard]] std::vector<IndexedLine> decided_lines(const std::string& folder,
                                                     const History::Decided& decided);

// The first `kept` of the list stay, and `more` follow. False where it has not so many, or cannot
// be written.
[[nodiscard]] bool leave_decided(const std::string& folder, std::uint64_t kept,
                                 const std::vector<LogStart>& more);

}  // namespace keyrite::transcript
