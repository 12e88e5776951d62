// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/color.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace keyrite::cli {

namespace {

std::string_view in_environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// SGR parameters (ECMA-48): those that every terminal with colour has.
std::string_view sgr(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "1;32";
    case Tone::kCare:
      return "1;33";
    case Tone::kBad:
      return "1;31";
    case Tone::kAsk:
      return "1";
  }
  return "0";
}

constexpr auto kGoodWords =
    std::to_array<std::string_view>({"approved", "good", "proven", "verified"});
// Something is open, or missing, and nothing speaks against it.
constexpr auto kOpenWords =
    std::to_array<std::string_view>({"consistent", "incomplete", "not yet"});

// A good word is good alone and with what it rests on ("proven (cryptographic)"); with anything
// else behind it, care is taken.
Tone tone_of(std::string_view verdict) {
  for (const auto word : kGoodWords) {
    if (!verdict.starts_with(word)) continue;
    const std::string_view rest = verdict.substr(word.size());
    return rest.empty() || (rest.starts_with(" (") && rest.ends_with(')')) ? Tone::kGood
                                                                           : Tone::kCare;
  }
  const bool open = std::any_of(kOpenWords.begin(), kOpenWords.end(),
                                [&](std::string_view word) { return verdict.starts_with(word); });
  return open ? Tone::kCare : Tone::kBad;
}

// Each line of the text through `change`.
template <class Change>
std::string each_line(std::string_view text, const Change& change) {
  std::string changed;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    changed += change(line);
    if (line.size() == text.size()) break;
    changed += '\n';
    text.remove_prefix(line.size() + 1);
  }
  return changed;
}

}  // namespace

ColorWhen color_when(const std::vector<std::string>& words) {
  const std::string option = fmt::format("--{}", kColorOption);
  ColorWhen when = ColorWhen::kAuto;
  for (auto word = words.begin(); word != words.end() && *word != "--"; ++word) {
    std::string value;
    if (word->starts_with(option + "=")) value = word->substr(option.size() + 1);
    if (*word == option && std::next(word) != words.end()) value = *std::next(word);
    if (value == "always") when = ColorWhen::kAlways;
    if (value == "never") when = ColorWhen::kNever;
  }
  return when;
}

bool has_color(ColorWhen when, int descriptor) {
  if (when != ColorWhen::kAuto) return when == ColorWhen::kAlways;
  const std::string_view term = in_environment("TERM");
  return ::isatty(descriptor) == 1 && in_environment("NO_COLOR").empty() && !term.empty() &&
         term != "dumb";
}

std::string toned(std::string_view text, Tone tone, bool color) {
  return color ? fmt::format("\033[{}m{}\033[0m", sgr(tone), text) : std::string(text);
}

std::string tone_verdicts(std::string text, bool color) {
  if (!color) return text;
  return each_line(text, [](std::string_view line) {
    if (line == kWriteDown || line == kNext) return toned(line, Tone::kAsk, true);
    return line.starts_with(kVerdict) ? toned(line, tone_of(line.substr(kVerdict.size())), true)
                                      : std::string(line);
  });
}

std::string tone_heads(std::string text, std::string_view head, Tone tone, bool color) {
  if (!color) return text;
  return each_line(text, [&](std::string_view line) {
    return line.starts_with(head) ? toned(head, tone, true) + std::string(line.substr(head.size()))
                                  : std::string(line);
  });
}

}  // namespace keyrite::cli
