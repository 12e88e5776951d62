// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a reader of a log need not read, who does not write it: it begins at the last entry that the
// log's writers left as proven (the frontier). Reads files; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "transcript/log_reader.h"
#include "transcript/note.h"

namespace keyrite::transcript {

// The start of that entry; the first one where nothing is proven.
[[nodiscard]] LogStart known_start(const std::string& folder, const NoteKey& key);

// The results that set decisions of the site's registry, in the order of the log, by their index:
// `take` is called with those that the log's history has, and then with each entry behind them, or
// with all entries where nothing is proven. True: all of it up to the published checkpoint is what
// that signs, by the log's key. Errors: those of read_log.
[[nodiscard]] bool read_decisions(
    const std::string& folder, const NoteKey& key,
    const std::function<void(std::uint64_t index, std::string_view line)>& take);

// The same of all entries, from the first one on: for what the history does not have.
[[nodiscard]] bool read_all(
    const std::string& folder, const NoteKey& key,
    const std::function<void(std::uint64_t index, std::string_view line)>& take);

}  // namespace keyrite::transcript
