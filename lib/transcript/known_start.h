// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a reader of a log need not read, who does not write it: it begins at the last entry that the
// log's writers left as proven (the frontier). Reads files; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "transcript/log_reader.h"
#include "transcript/note.h"

namespace keyrite::transcript {

// The start of that entry; the first one where nothing is proven.
[[nodiscard]] LogStart known_start(const std::string& folder, const NoteKey& key);

// The results before `rest` that set decisions of the site's registry, in the order of the log, by
// their index. From `rest` on the log is to be read; from its beginning where nothing is proven.
struct KnownDecisions {
  std::vector<std::pair<std::uint64_t, std::string>> entries{};
  LogStart rest{};
};
[[nodiscard]] KnownDecisions known_decisions(const std::string& folder, const NoteKey& key);

}  // namespace keyrite::transcript
