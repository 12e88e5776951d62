// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a ceremony is held for real. Constants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keyrite::ceremony {

enum class Mode : std::uint8_t { kLive, kRehearsal };

inline constexpr std::array<std::string_view, 2> kModeWords{"live", "rehearsal"};

[[nodiscard]] constexpr std::string_view word_of(Mode mode) {
  return kModeWords.at(static_cast<std::size_t>(mode));
}

}  // namespace keyrite::ceremony
