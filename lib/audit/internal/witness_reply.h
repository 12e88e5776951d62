// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a witness answered: signature lines, one of them its own. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "transcript/note.h"

namespace keyrite::audit {

[[noreturn]] void refuse_witness(const char* code, std::string why, std::string hint);

// Decimal, without leading zeros; nullopt: it is none.
[[nodiscard]] std::optional<std::uint64_t> plain_number(std::string_view text);

// The lines of a reply, by way of a note that they could stand under. Errors kVerification
// "witness-conflict", "witness-reply-invalid".
[[nodiscard]] std::vector<transcript::NoteSignature> lines_of(const std::string& reply,
                                                              const std::string& origin);
// Error kUsage "witness-vkey" unless there is exactly one.
[[nodiscard]] const transcript::NoteKey& witness_of(const std::vector<transcript::NoteKey>& keys);
// Error kVerification "witness-other-key".
[[nodiscard]] transcript::NoteSignature line_by(
    const transcript::NoteKey& witness, const std::vector<transcript::NoteSignature>& lines);
// For people: a time that is none or is to come, and lines that are ignored.
[[nodiscard]] std::vector<std::string> remarks_on(
    const transcript::NoteSignature& taken, std::optional<TimePoint> time,
    const std::vector<transcript::NoteSignature>& lines, TimePoint now);

}  // namespace keyrite::audit
