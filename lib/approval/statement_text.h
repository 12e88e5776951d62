// A statement as approvers read it, made from the bytes that they sign. Pure, any thread.
#pragma once

#include <string>

#include "approval/statement.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::approval {

// Every field of the bytes, none left out, texts in quotes, 80 columns wide; then from when to when
// it holds, seen from `now`, how many must approve, and the SHA-256 as hex and as PGP words, to be
// compared aloud. Ends with LF; nothing in it moves the cursor. Errors: those of
// statement_from_bytes; `origin` names the file in them.
[[nodiscard]] std::string statement_text(ByteView bytes, std::string_view origin, TimePoint now);

// The words of statement_text for a SHA-256 in hex.
[[nodiscard]] std::vector<std::string> spoken_sha256(std::string_view sha256);

enum class InForce { kNotYet, kNow, kNoLonger };
[[nodiscard]] InForce in_force(const Statement& statement, TimePoint now);

}  // namespace keyrite::approval
