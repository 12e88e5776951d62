// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/screen.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/lower_hex.h"
#include "base/text.h"

namespace keyrite {

namespace {

constexpr std::string_view kIndent = "    ";  // of commands and of hex
constexpr std::string_view kGoesOn = " \\";   // behind a command's line
constexpr std::size_t kNarrowest = 20;        // on less, words are not readable
constexpr std::size_t kLongHex = 40;          // digits: SHA-1, SHA-256
constexpr std::size_t kGroup = 5;             // four digits and a blank
constexpr std::size_t kLineOfGroups = 8 * kGroup - 1;

// What commands for people begin with, beside paths.
constexpr auto kPrograms = std::to_array<std::string_view>(
    {"aws", "az", "cat", "cd", "cp", "curl", "export", "gcloud", "keyrite", "less", "mkdir",
     "openssl", "python3", "sh", "sha256sum", "ssh-keygen"});

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

bool is_command(std::string_view line) {
  if (!line.starts_with(kIndent)) return false;
  const std::string_view word = first_word(line.substr(kIndent.size()));
  // A path in quotes is one too: a folder's name has a blank.
  return word.starts_with("./") || word.starts_with('\'') || word.starts_with('/') ||
         word.ends_with(".sh") ||
         std::find(kPrograms.begin(), kPrograms.end(), word) != kPrograms.end();
}

bool goes_on(std::string_view line) { return line.ends_with(kGoesOn); }

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The shell's words of a command: blanks in quotes and behind a backslash end none.
std::vector<std::string> shell_words(std::string_view command) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && c == ' ') {
      if (!words.back().empty()) words.emplace_back();
      continue;
    }
    words.back() += c;
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) words.back() += command[++i];
    if (c != '\'' && c != '"') continue;
    if (quote == 0) {
      quote = c;
    } else if (quote == c) {
      quote = 0;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Parts in lines of `width` columns, with a backslash behind each but the last.
std::string joined(const std::vector<std::string>& parts, std::size_t width,
                   std::string_view below) {
  std::string text;
  std::size_t length = 0;
  for (const auto& part : parts) {
    const std::size_t columns = columns_of(part.substr(0, part.find('\n')));
    if (length != 0 && length + 1 + columns + kGoesOn.size() > width) {
      text += fmt::format("{}\n{}", kGoesOn, below);
      length = below.size();
    } else if (length != 0) {
      text += ' ';
      ++length;
    }
    text += part;
    length = part.find('\n') == std::string::npos ? length + columns
                                                  : columns_of(part.substr(part.rfind('\n') + 1));
  }
  return text;
}

// How many bytes of a word fill `width` columns, best up to a mark after which a URI or a path may
// be broken; never within a character.
std::size_t fitting(std::string_view word, std::size_t width) {
  std::size_t end = 0;
  std::size_t best = 0;
  for (std::size_t columns = 0; end < word.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(word[end]) & 0xc0U) != 0x80U;
    if (begins && ++columns > width) break;
    if (std::string_view(";/,:&?").find(word[end]) != std::string_view::npos) best = end + 1;
  }
  return end == word.size() || best == 0 ? end : best;
}

// A word of plain characters that is longer than a line goes on at the beginning of the next one,
// behind a backslash, where a shell takes both for one word.
std::vector<std::string> broken_words(std::vector<std::string> words, std::size_t columns) {
  // " \\" behind each of its lines, the last one too, where the command goes on.
  const std::size_t below = std::max(columns, 2 * kNarrowest) - kGoesOn.size();
  for (auto& word : words) {
    if (columns_of(word) + 2 * kIndent.size() <= below || shell_quote(word) != word) continue;
    std::string broken;
    std::string_view rest = word;
    // Its first line is set in.
    for (std::size_t room = below - 2 * kIndent.size(); columns_of(rest) > room; room = below) {
      const std::size_t end = fitting(rest, room);
      broken += fmt::format("{}\\\n", rest.substr(0, end));
      rest.remove_prefix(end);
    }
    word = broken + std::string(rest);
  }
  return words;
}

std::string command_line(std::string_view line, std::size_t columns) {
  if (columns_of(line) <= columns) return fmt::format("{}\n", line);
  const std::string indent(indent_of(line), ' ');
  const bool more = goes_on(line);
  if (more) line.remove_suffix(kGoesOn.size());
  auto words = broken_words(shell_words(line.substr(indent.size())), columns);
  if (words.empty()) return fmt::format("{}\n", line);
  words.front().insert(0, indent);
  return fmt::format("{}{}\n", joined(words, columns, std::string(kIndent) + std::string(kIndent)),
                     more ? kGoesOn : std::string_view());
}

// Its digits, where a word is long hex; what ends a sentence may be behind them.
std::string_view long_hex(std::string_view word) {
  const auto end = word.find_last_not_of(".,:;");
  const std::string_view digits = word.substr(0, end == std::string_view::npos ? 0 : end + 1);
  return digits.size() >= kLongHex && is_lower_hex(digits) ? digits : std::string_view();
}

bool has_long_hex(std::string_view line) {
  while (!line.empty()) {
    const std::string_view word = first_word(line);
    if (!long_hex(word).empty()) return true;
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return false;
}

// Where the text of a line goes on below: its indent, or the last column of the table.
std::size_t hang_of(std::string_view line, std::size_t columns) {
  const std::size_t gap = line.rfind("  ");
  const std::size_t last = gap == std::string_view::npos ? 0 : gap + 2;
  // A column before it that is long hex cannot stay beside it.
  const bool beside = last + kNarrowest <= columns && !has_long_hex(line.substr(0, last));
  return beside ? last : indent_of(line);
}

// One line as it is laid out: words are gathered, and written in lines that fit. What is compared,
// or longer than a line, has lines of its own.
class Lines {
 public:
  Lines(std::string_view head, std::size_t hang, std::size_t columns)
      : head_(head),
        hang_(hang),
        room_(std::max(columns, hang + kNarrowest) - hang),
        room_alone_(std::max(columns, kIndent.size() + kNarrowest) - kIndent.size()) {}

  void add(std::string_view word) {
    const std::string_view digits = long_hex(word);
    if (digits.empty() && columns_of(word) <= room_) {
      words_ += (words_.empty() ? "" : " ") + std::string(word);
      return;
    }
    flush();
    flush_head();
    if (!digits.empty()) {
      text_ += hex_lines(digits);
      return;
    }
    while (!word.empty()) {
      const std::size_t end = fitting(word, room_alone_);
      text_ += fmt::format("{}{}\n", kIndent, word.substr(0, end));
      word.remove_prefix(end);
    }
  }

  [[nodiscard]] std::string take() {
    flush();
    flush_head();
    return std::move(text_);
  }

 private:
  void flush() {
    if (words_.empty()) return;
    for (const auto& part : wrap_words(words_, room_)) {
      text_ += head_.empty() ? std::string(hang_, ' ') : std::exchange(head_, {});
      text_ += part + "\n";
    }
    words_.clear();
  }

  // What is before a value that is below it.
  void flush_head() {
    head_.erase(head_.find_last_not_of(' ') + 1);
    if (!head_.empty()) text_ += std::exchange(head_, {}) + "\n";
  }

  std::string head_;
  std::size_t hang_;
  std::size_t room_;
  std::size_t room_alone_;  // of what has lines of its own
  std::string words_{};
  std::string text_{};
};

std::string prose_line(std::string_view head, std::string_view line, std::size_t columns) {
  if (columns_of(head) + columns_of(line) <= columns && !has_long_hex(line))
    return fmt::format("{}{}\n", head, line);
  // It is copied, and the terminal itself goes on below.
  const bool one_word = head.empty() && line.find(' ') == std::string_view::npos;
  if (one_word && !has_long_hex(line)) return fmt::format("{}\n", line);
  const std::size_t start = head.empty() ? hang_of(line, columns) : 0;
  const std::string first = head.empty() ? std::string(line.substr(0, start)) : std::string(head);
  // A line that is set in goes on further in, where it has no columns.
  const std::size_t hang = columns_of(first);
  const bool set_in = head.empty() && start != 0 && start == indent_of(line);
  Lines lines(first, set_in ? hang + 2 : hang, columns);
  line.remove_prefix(start);
  while (!line.empty()) {
    const std::string_view word = first_word(line);
    lines.add(word);
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  return lines.take();
}

}  // namespace

std::string in_fours(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i != 0 && i % 4 == 0) text += ' ';
    text += hex[i];
  }
  return text;
}

std::string hex_lines(std::string_view hex) {
  std::string text;
  for (const auto& line : wrap_words(in_fours(hex), kLineOfGroups))
    text += fmt::format("{}{}\n", kIndent, line);
  return text;
}

std::string command_in_lines(const std::vector<std::string>& parts) {
  return joined(parts, kColumns - kIndent.size(), kIndent);
}

std::string command_text(std::string_view command) {
  std::string text;
  while (!command.empty()) {
    const std::string_view line = command.substr(0, command.find('\n'));
    text += fmt::format("{}{}\n", kIndent, printable(line));
    command.remove_prefix(std::min(line.size() + 1, command.size()));
  }
  return text;
}

std::string lay_out(std::string_view text, unsigned columns, std::string_view head) {
  std::string laid;
  bool in_command = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    in_command = in_command || is_command(line);
    if (columns == 0) {
      laid += fmt::format("{}{}\n", in_command ? std::string_view() : head, line);
    } else {
      laid += in_command ? command_line(line, columns) : prose_line(head, line, columns);
    }
    in_command = in_command && goes_on(line);
    if (line.size() == text.size()) laid.pop_back();
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return laid;
}

}  // namespace keyrite
