// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the pages of a ceremony have in common: texts that cannot become HTML, digits in fours,
// words and QR codes, the head of each printed page. Internal to script_page.cc and
// minutes_page.cc; pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <kainjow/mustache.hpp>

#include "ceremony/mode.h"
#include "ceremony/paper.h"

namespace keyrite::ceremony {

using Data = kainjow::mustache::data;

[[nodiscard]] Data page_list();
// A control character or one that turns the reading direction would hide what a text says.
[[nodiscard]] Data page_text(std::string_view text);
// Sets `name`, or false where the text is empty: an unset name would be looked for further out.
void set_text(Data& data, const std::string& name, std::string_view text);
// A list of {p} and {command}: an empty line ends a paragraph, and any other line end is a space. A
// line that begins with a blank is a command, as on the screen (Dialogue::say).
[[nodiscard]] Data page_paragraphs(std::string_view text);
// One line of it.
[[nodiscard]] std::string page_line(std::string_view text);
// A list of `count` empty objects: boxes, rows, lines to write on.
[[nodiscard]] Data page_blanks(std::size_t count);
// "5f2c 88aa ...": what people read aloud. Anything but hex stays as it is.
[[nodiscard]] std::string page_fours(std::string_view hex);
// Eight rows of a SHA-256: {row, hex, words}.
[[nodiscard]] Data fingerprint_rows(const std::string& hex);
// SVG, or nothing if the text does not fit on paper.
[[nodiscard]] std::string qr_on_paper(std::string_view text, std::string_view label);

// What the margins of each printed page say.
struct PageHead {
  std::string kind{};  // "Script", "Minutes"
  Paper paper{Paper::kA4};
  Mode mode{Mode::kLive};
  std::string title{};
  std::string file_sha256{};
  std::string foot{};  // "Initials: ________"
};
// "REHEARSAL", "LIVE".
[[nodiscard]] std::string_view mode_word(Mode mode);
// The whole document: `page` through `body`, with style and policy.
[[nodiscard]] std::string whole_page(Data& page, std::string_view body, const PageHead& head);

}  // namespace keyrite::ceremony
