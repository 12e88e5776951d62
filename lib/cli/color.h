// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Colour for people at a terminal: errors, verdicts and prompts. A word always says the same, so
// that nothing is lost without it. Reads the environment (NO_COLOR, TERM); any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite::cli {

enum class ColorWhen : std::uint8_t { kAuto, kAlways, kNever };
inline constexpr const char* kColorOption = "color";
// What the words of a command line say ("--color never", "--color=never"), before they are
// understood, so that an error in them is coloured as they ask. Anything else: kAuto.
[[nodiscard]] ColorWhen color_when(const std::vector<std::string>& words);
// kAuto: where the descriptor is a terminal that has colour (TERM is set, and not "dumb") and
// NO_COLOR is unset or empty (no-color.org).
[[nodiscard]] bool has_color(ColorWhen when, int descriptor);

enum class Tone : std::uint8_t { kGood, kCare, kBad, kAsk };
// The text in a colour, or bold where it asks; as it is where `color` is false.
[[nodiscard]] std::string toned(std::string_view text, Tone tone, bool color);

// A verdict is a line of its own: "verdict: proven". What is not good is written first.
inline constexpr std::string_view kVerdict = "verdict: ";
// The headings of what ends an act (act/closing.h).
inline constexpr std::string_view kWriteDown = "WRITE DOWN";
inline constexpr std::string_view kNext = "NEXT";
// The text with each verdict in its colour: green where it is good, yellow where something is open,
// red otherwise; and with these headings in bold.
[[nodiscard]] std::string tone_verdicts(std::string text, bool color);
// The text with `head` in the colour of `tone` wherever a line begins with it.
[[nodiscard]] std::string tone_heads(std::string text, std::string_view head, Tone tone,
                                     bool color);

}  // namespace keyrite::cli
