// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in each section of a report's page, as plain text: the page escapes it. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/facts.h"
#include "report/pictures.h"

namespace keyrite::report {

using Lines = std::vector<std::string>;
// Beside an entry for which the log's key does not vouch.
inline constexpr std::string_view kMark = "\u2020";

struct Row {
  std::vector<std::vector<std::string>> cells{};  // each with its lines; the first is the heading
  std::size_t late{0};                            // the cell that says that it is late; 0: none
};
struct Table {
  std::string caption{};
  std::vector<std::string> columns{};
  std::vector<Row> rows{};
};
struct Section {
  std::string heading{};
  std::vector<std::string> intros{};
  std::vector<Picture> pictures{};
  std::vector<Table> tables{};
};

[[nodiscard]] Section framework_section(const FrameworkFacts& facts);
[[nodiscard]] std::string period_text(const Report& report);
[[nodiscard]] std::vector<std::pair<std::string, std::vector<std::string>>> summary_rows(
    const Report& report);
[[nodiscard]] std::vector<Section> sections_of(const Report& report);
// Line by line: what somebody else wrote there hides nothing.
[[nodiscard]] std::string shown_checkpoint(const std::string& checkpoint);
// "entry 41", with a mark where the log's key does not vouch for it.
[[nodiscard]] std::string entry_text(const Source& source);

}  // namespace keyrite::report
