// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Reads a log from an entry on, and proves that the entries from there on are those that a
// checkpoint signs, without those before: each entry names the leaf hash of the one before it, and
// the frontier proves the last of them. Reads files; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "transcript/entry_search.h"
#include "transcript/merkle.h"
#include "transcript/note.h"

namespace keyrite::transcript {

// Calls `take` with the index and the bytes of each entry from `from` on, to the end of the log:
// also of those behind `head`. True: what was read up to there is what `head` signs. False: that is
// not shown (no frontier, one of another time, a line that names no other); what `take` was called
// with is then worth nothing. Errors: those of read_log.
[[nodiscard]] bool read_signed_from(
    const std::string& folder, const NoteKey& key, const FoundEntry& from, const TreeHead& head,
    const std::function<void(std::uint64_t index, std::string_view line)>& take);

}  // namespace keyrite::transcript
