// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/entry_search.h"

#include <algorithm>
#include <charconv>

#include "transcript/entry.h"
#include "transcript/entry_head.h"
#include "transcript/internal/log_lines.h"
#include "transcript/leaf.h"

namespace keyrite::transcript {

namespace {

// Room for four of the longest entries.
constexpr std::size_t kNear = std::size_t{256} << 10U;
// What is read line by line once the halving is this close.
constexpr std::uint64_t kClose = 4096;

std::optional<std::uint64_t> seq_of(std::string_view line) {
  const auto head = entry_head(line);
  if (!head) return std::nullopt;
  std::uint64_t seq = 0;
  const char* const last = head->seq.data() + head->seq.size();
  const auto [end, failure] = std::from_chars(head->seq.data(), last, seq);
  if (failure != std::errc{} || end != last) return std::nullopt;
  return seq;
}

// Where the first line begins after `byte`; nullopt where none does before `limit`.
std::optional<std::uint64_t> next_start(const LogLines& log, std::uint64_t byte,
                                        std::uint64_t limit) {
  const auto rest = log.at(byte);
  if (!rest || byte + rest->size() + 1 >= limit) return std::nullopt;
  return byte + rest->size() + 1;
}

// A start of a line whose number is not above `seq`, near it.
std::optional<std::uint64_t> near_start(const LogLines& log, std::uint64_t seq) {
  std::uint64_t low = 0;
  std::uint64_t high = log.bytes();
  while (high - low > kClose) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto start = next_start(log, middle, high);
    if (!start) {
      high = middle;
      continue;
    }
    const auto line = log.at(*start);
    const auto found = line ? seq_of(*line) : std::nullopt;
    if (!found) return std::nullopt;
    if (*found <= seq)
      low = *start;
    else
      high = middle;
  }
  return low;
}

}  // namespace

std::optional<FoundEntry> find_entry(const std::string& log, std::uint64_t seq,
                                     std::string_view leaf) {
  const LogLines lines(log);
  auto start = near_start(lines, seq);
  if (!start) return std::nullopt;
  while (auto line = lines.at(*start)) {
    const auto found = seq_of(*line);
    if (!found || *found > seq) return std::nullopt;
    if (*found == seq) {
      if (leaf_text(*line) != leaf) return std::nullopt;
      return FoundEntry{.start = {.entries = seq, .bytes = *start}, .line = std::move(*line)};
    }
    *start += line->size() + 1;
  }
  return std::nullopt;
}

std::optional<std::string> find_before(
    const std::string& log, const LogStart& start,
    const std::function<bool(std::string_view line)>& is_wanted) {
  const std::uint64_t size = std::min<std::uint64_t>(start.bytes, kNear);
  const std::string piece = LogLines(log).piece(start.bytes - size, size);
  std::string_view rest = piece;
  if (piece.size() != size || !rest.ends_with('\n')) return std::nullopt;
  const bool from_first = size == start.bytes;
  while (!rest.empty()) {
    rest.remove_suffix(1);
    const auto before = rest.rfind('\n');
    // The first piece of a line may lack its beginning.
    if (before == std::string_view::npos && !from_first) return std::nullopt;
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    if (is_wanted(rest.substr(begin))) return std::string(rest.substr(begin));
    rest = rest.substr(0, begin);
  }
  return std::nullopt;
}

}  // namespace keyrite::transcript
