// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a vkey and the lines of a note are made of. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace keyrite::transcript {

inline constexpr std::size_t kKeyIdBytes = 4;

// Space and + separate the parts of a note and of a vkey.
[[nodiscard]] bool is_key_name(std::string_view name);
[[nodiscard]] std::uint64_t big_endian(ByteView bytes);
// The first four of `bytes`.
[[nodiscard]] std::uint32_t key_id(ByteView bytes);

// Error kVerification "note-invalid".
[[noreturn]] void refuse_note(std::string_view origin, std::string_view why);

}  // namespace keyrite::transcript
