// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The paper that a page of a ceremony is made for. Constants.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace keyrite::ceremony {

// A browser takes Letter where a page does not name its paper, so that each page does.
enum class Paper : std::uint8_t { kA4, kLetter };

inline constexpr std::array<std::string_view, 2> kPaperWords{"a4", "letter"};

}  // namespace keyrite::ceremony
