// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/decided_file.h"

#include <charconv>
#include <exception>
#include <iterator>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/file.h"
#include "transcript/internal/log_lines.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

// Some million decisions.
constexpr std::size_t kMaxList = std::size_t{64} << 20U;

std::optional<std::uint64_t> take_number(std::string_view& text, char after) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto size = static_cast<std::size_t>(end - text.data());
  if (failure != std::errc{} || size >= text.size() || text[size] != after) return std::nullopt;
  text.remove_prefix(size + 1);
  return value;
}

// The first `count`; fewer where the list has fewer.
std::vector<LogStart> listed(const std::string& folder, std::uint64_t count) {
  const std::string text = as_text(read_file(decided_of(folder), kMaxList));
  std::vector<LogStart> starts;
  std::string_view rest = text;
  while (starts.size() < count) {
    const auto index = take_number(rest, ' ');
    const auto byte = index ? take_number(rest, '\n') : std::nullopt;
    if (!byte) break;
    starts.push_back({.entries = *index, .bytes = *byte});
  }
  return starts;
}

}  // namespace

std::vector<IndexedLine> decided_lines(const std::string& folder, const History::Decided& decided) {
  std::vector<IndexedLine> lines;
  History::Decided found;
  try {
    const LogLines log(log_of(folder));
    for (const LogStart& start : listed(folder, decided.count)) {
      auto line = log.at(start.bytes);
      if (!line) return {};
      found.add(*line);
      lines.emplace_back(start.entries, std::move(*line));
    }
  } catch (const std::exception&) {
    return {};
  }
  if (found != decided) return {};
  return lines;
}

bool leave_decided(const std::string& folder, std::uint64_t kept,
                   const std::vector<LogStart>& more) {
  try {
    std::vector<LogStart> starts = kept == 0 ? std::vector<LogStart>() : listed(folder, kept);
    if (starts.size() != kept) return false;
    starts.insert(starts.end(), more.begin(), more.end());
    std::string text;
    for (const LogStart& start : starts)
      fmt::format_to(std::back_inserter(text), "{} {}\n", start.entries, start.bytes);
    replace_file(decided_of(folder), as_bytes(text));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace keyrite::transcript
