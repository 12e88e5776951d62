// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/paper.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/bytes.h"
#include "base/text.h"
#include "ceremony/internal/paper_style.h"
#include "page/page.h"
#include "transcript/qr_code.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kLongestHead = 60;

// A text as CSS has it in quotes. Whatever is not plainly harmless is written as its number, so
// that it can end neither the text nor the style.
std::string css_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char one : text) {
    const auto byte = static_cast<unsigned char>(one);
    const bool plain = byte >= 0x80 || (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
                       (one >= '0' && one <= '9') ||
                       std::string_view(" .,:-_()").find(one) != std::string_view::npos;
    quoted += plain ? std::string(1, one) : fmt::format("\\{:06x}", byte);
  }
  return quoted + "\"";
}

// Cut between two characters of UTF-8.
std::string cut(const std::string& text) {
  if (text.size() <= kLongestHead) return text;
  std::size_t end = kLongestHead;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string page_boxes(const PageHead& head) {
  return fmt::format(
      "@page {{ size: {0}; @top-left {{ content: {1} }} @top-center {{ content: {2} }}\n"
      "  @bottom-left {{ content: {3} }} @bottom-right {{ content: {4} }} }}\n"
      "@page wide {{ size: {0} landscape; }}\n",
      head.paper == Paper::kA4 ? "A4" : "letter", css_quoted(mode_word(head.mode)),
      css_quoted(cut(page_line(head.title))),
      css_quoted("File SHA-256 " + page_fours(head.file_sha256)), css_quoted(head.foot));
}

}  // namespace

Data page_list() { return Data{Data::type::list}; }

Data page_text(std::string_view text) { return printable(text); }

void set_text(Data& data, const std::string& name, std::string_view text) {
  if (text.empty()) {
    data.set(name, false);
  } else {
    data.set(name, page_text(text));
  }
}

std::string page_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return printable(std::string_view(line).substr(first, line.find_last_not_of(' ') + 1 - first));
}

Data page_paragraphs(std::string_view text) {
  Data all = page_list();
  std::string paragraph;
  const auto add = [&](const std::string& words, const std::string& command) {
    if (words.empty() && command.empty()) return;
    Data one;
    one.set("p", words.empty() ? Data(false) : Data(words));
    one.set("command", command.empty() ? Data(false) : Data(command));
    all << one;
  };
  const auto end_paragraph = [&] { add(page_line(std::exchange(paragraph, {})), {}); };
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.starts_with(' ')) {
      end_paragraph();
      add({}, page_line(line));
    } else {
      paragraph += fmt::format("{}\n", line);
    }
  }
  end_paragraph();
  return all;
}

Data page_blanks(std::size_t count) {
  Data all = page_list();
  for (std::size_t i = 0; i < count; ++i) all << Data{"nr", std::to_string(i + 1)};
  return all;
}

std::string page_fours(std::string_view hex) {
  if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) return printable(hex);
  std::string groups;
  for (std::size_t i = 0; i < hex.size(); i += 4) {
    if (i != 0) groups += ' ';
    groups += hex.substr(i, 4);
  }
  return groups;
}

Data fingerprint_rows(const std::string& hex) {
  constexpr std::size_t kBytes = 4;  // of a row
  const auto words = pgp_words(from_hex(hex));
  Data rows = page_list();
  for (std::size_t i = 0; i < words.size(); i += kBytes) {
    const auto last = std::min(i + kBytes, words.size());
    Data row;
    row.set("row", std::to_string(i / kBytes + 1));
    row.set("hex", page_fours(std::string_view(hex).substr(2 * i, 2 * kBytes)));
    row.set("words",
            fmt::format("{}", fmt::join(words.begin() + static_cast<std::ptrdiff_t>(i),
                                        words.begin() + static_cast<std::ptrdiff_t>(last), " ")));
    rows << row;
  }
  return rows;
}

std::string qr_on_paper(std::string_view text, std::string_view label) {
  using transcript::QrCode;
  if (text.empty()) return {};
  const auto code = QrCode::of(text, QrCode::kWidestOnPaper, QrCode::Level::kM);
  return code ? code->svg_in_page(label) : std::string();
}

std::string_view mode_word(Mode mode) { return mode == Mode::kLive ? "LIVE" : "REHEARSAL"; }

std::string whole_page(Data& page, std::string_view body, const PageHead& head) {
  const std::string style = fmt::format("{}{}{}", page::style(), paper_style(), page_boxes(head));
  page.set("style", style);
  page.set("style_sha256", page::style_sha256(style));
  page.set("title", page_line(head.title));
  page.set("subject", fmt::format("{} ({})", head.kind, mode_word(head.mode)));
  page.set("kind", head.kind);
  page.set("mode", std::string(mode_word(head.mode)));
  page.set("rehearsal", head.mode == Mode::kRehearsal);
  page.set("sha256", head.file_sha256);
  page.set("fours", page_fours(head.file_sha256));
  kainjow::mustache::mustache form(
      fmt::format("{}{}{}{}", page::head(), page_begin(), body, page_end()));
  return form.render(page);
}

}  // namespace keyrite::ceremony
