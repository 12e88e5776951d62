// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A page of sections with tables, as the report on keys and the page of an exported log are. A room
// says what stands in it, as plain text: everything is escaped here, and what hides or turns text
// is shown. Plain values and a pure function; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keyrite::page {

// Beside an entry of a log for which the log's key does not vouch.
inline constexpr std::string_view kMark = "\u2020";

struct Picture {
  std::string caption{};
  std::string svg{};  // goes in as it is: whatever came from elsewhere is escaped in it
};
struct Row {
  std::vector<std::vector<std::string>> cells{};  // each with its lines; the first is the heading
  std::size_t late{0};                            // the cell that is an alarm; 0: none
};
struct Table {
  std::string caption{};
  std::vector<std::string> columns{};
  std::vector<Row> rows{};  // none: the table is left out
};
// What to do, and below it the text to type or to compare, line by line.
struct Step {
  std::string text{};
  std::string shown{};
};
struct Section {
  std::string heading{};
  std::vector<std::string> intros{};
  std::vector<std::string> points{};
  std::vector<Picture> pictures{};
  std::vector<Table> tables{};
  std::vector<Step> steps{};
};
using SummaryRows = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct TabledPage {
  std::string title{};
  std::string subject{};
  std::string origin{};  // whose log it is about
  std::string headline{};
  bool alarm{false};  // something in it must be looked at
  SummaryRows summary{};
  std::vector<Section> sections{};
};

// `style`: rules behind those of all pages and of tables.
[[nodiscard]] std::string tabled_page(const TabledPage& page, std::string_view style = {});

}  // namespace keyrite::page
