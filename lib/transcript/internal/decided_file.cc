// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/decided_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <exception>
#include <iterator>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/file.h"
#include "transcript/entry.h"
#include "transcript/layout.h"

namespace keyrite::transcript {

namespace {

// Some million decisions.
constexpr std::size_t kMaxList = std::size_t{64} << 20U;
// Most entries are shorter.
constexpr std::size_t kFirstRead = 4096;

class LogLines {
 public:
  explicit LogLines(const std::string& log) : fd_(::open(log.c_str(), O_RDONLY | O_CLOEXEC)) {}
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  ~LogLines() {
    if (fd_ >= 0) ::close(fd_);
  }

  // The line that begins there; nullopt where none ends.
  [[nodiscard]] std::optional<std::string> at(std::uint64_t byte) const {
    for (const std::size_t size : {kFirstRead, kMaxEntryBytes + 1}) {
      std::string text(size, '\0');
      const ssize_t got = ::pread(fd_, text.data(), text.size(), static_cast<off_t>(byte));
      if (got <= 0) return std::nullopt;
      text.resize(static_cast<std::size_t>(got));
      if (const auto end = text.find('\n'); end != std::string::npos) return text.substr(0, end);
    }
    return std::nullopt;
  }

 private:
  int fd_;
};

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
