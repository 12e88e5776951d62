// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A page of sections with tables: the report on keys, the page of an exported log. A room gives
// plain text: it is escaped here, and what hides or turns text is shown. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keyrite::page {

inline constexpr std::string_view kMark = "\u2020";  // of an entry the log's key does not vouch for

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
struct Step {
  std::string text{};   // what to do
  std::string shown{};  // below it: what to type or to compare, line by line
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
