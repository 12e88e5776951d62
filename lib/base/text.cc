#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite {

namespace {

bool shell_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./:@%+=,-").find(c) != std::string_view::npos;
}

struct Character {
  std::uint32_t code{};
  std::size_t length{};
};

// The first character of a UTF-8 text (RFC 3629 section 3); nullopt when it is not valid there.
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return std::nullopt;
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return std::nullopt;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    return std::nullopt;
  return Character{code, length};
}

struct Range {
  std::uint32_t first{};
  std::uint32_t last{};
};

// Characters that nobody sees, or that turn the reading direction (scripts/make-hidden-characters).
constexpr auto kHidden = std::to_array<Range>({
#include "base/hidden_characters.inc"
});

bool hidden(std::uint32_t code) {
  return std::any_of(kHidden.begin(), kHidden.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(c));
  return text;
}

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  return widths;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<std::uint8_t>(c) & 0xc0U) != 0x80U;
  }));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto character = first_character(text);
    if (!character) return false;
    text.remove_prefix(character->length);
  }
  return true;
}

std::string shell_quote(std::string_view word) {
  if (word.find('\0') != std::string_view::npos) {
    throw Error(Kind::kUsage, "text-has-nul", "a text for a command contains a NUL byte",
                "give it without");
  }
  if (!word.empty() && std::all_of(word.begin(), word.end(), shell_safe)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

bool has_blank_edges(std::string_view name) { return name.starts_with(' ') || name.ends_with(' '); }

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto character = first_character(text);
    const std::size_t length = character ? character->length : 1;
    const std::string_view bytes = text.substr(0, length);
    shown += character && !hidden(character->code) ? std::string(bytes) : escaped(bytes);
    text.remove_prefix(length);
  }
  return shown;
}

std::vector<std::string> wrap_words(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!lines.back().empty() && columns_of(lines.back()) + 1 + columns_of(word) > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string format_table(const std::vector<std::vector<std::string>>& rows, unsigned width) {
  constexpr std::size_t kGap = 2;
  constexpr std::size_t kNarrowestLast = 20;
  const auto widths = column_widths(rows);
  if (widths.empty()) return {};
  std::size_t indent = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) indent += widths[i] + kGap;
  const std::size_t last = width > indent + kNarrowestLast ? width - indent : kNarrowestLast;
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
      const std::string cell = i < row.size() ? row[i] : std::string();
      line += cell + std::string(widths[i] + kGap - columns_of(cell), ' ');
    }
    const auto lines = wrap_words(row.size() == widths.size() ? row.back() : std::string(), last);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string whole = (i == 0 ? line : std::string(indent, ' ')) + lines[i];
      whole.erase(whole.find_last_not_of(' ') + 1);
      text += whole + "\n";
    }
  }
  return text;
}

}  // namespace keyrite
