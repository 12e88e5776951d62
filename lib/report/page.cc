// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <kainjow/mustache.hpp>

#include "base/clock.h"
#include "base/counted.h"
#include "base/text.h"
#include "page/page.h"
#include "report/document.h"
#include "report/internal/page_template.h"
#include "report/internal/sections.h"
#include "report/pictures.h"

namespace keyrite::report {

namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

// A control character or one that turns the reading direction would hide what a name is.
data shown(const std::string& value) { return printable(value); }

data listed(const char* name, const std::vector<std::string>& values) {
  data list{data::type::list};
  for (const auto& value : values) list << data{name, shown(value)};
  return list;
}

// The first cell of a row is its heading.
data cells_of(const Row& row, const std::vector<std::string>& columns) {
  data list{data::type::list};
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    data cell;
    if (i == 0) {
      cell.set("head", shown(fmt::format("{}", fmt::join(row.cells[i], " "))));
    } else {
      cell.set("label", columns[i]);
      cell.set("lines", listed("line", row.cells[i]));
      if (row.late == i) cell.set("late", data::type::bool_true);
    }
    list << cell;
  }
  return list;
}

data table_of(const Table& table) {
  data rows{data::type::list};
  for (const auto& row : table.rows) rows << data{"cells", cells_of(row, table.columns)};
  data one;
  one.set("caption", shown(table.caption));
  one.set("columns", listed("column", table.columns));
  one.set("rows", rows);
  return one;
}

data section_data(const Section& section) {
  data one;
  one.set("heading", shown(section.heading));
  one.set("intros", listed("intro", section.intros));
  data figures{data::type::list};
  for (const auto& picture : section.pictures) {
    data figure;
    figure.set("caption", shown(picture.caption));
    figure.set("svg", picture.svg);
    figures << figure;
  }
  one.set("figures", figures);
  data tables{data::type::list};
  for (const auto& table : section.tables) {
    if (!table.rows.empty()) tables << table_of(table);
  }
  one.set("tables", tables);
  return one;
}

data summary_data(const Report& report) {
  data list{data::type::list};
  for (const auto& [name, values] : summary_rows(report)) {
    data row;
    row.set("name", shown(name));
    row.set("values", listed("value", values));
    list << row;
  }
  return list;
}

}  // namespace

std::string page_of(const Report& report) {
  const std::string style =
      std::string(page::style()) + std::string(table_style()) + std::string(picture_style());
  data filled;
  filled.set("title", "Report on keys");
  filled.set("subject", shown(period_text(report)));
  filled.set("style", style);
  filled.set("style_sha256", page::style_sha256(style));
  filled.set("origin", shown(report.log.origin));
  filled.set("headline", shown(headline_of(report)));
  if (!report.wrong.empty()) filled.set("wrong_class", "interim");
  filled.set("summary", summary_data(report));
  data sections{data::type::list};
  for (const auto& section : sections_of(report)) sections << section_data(section);
  filled.set("sections", sections);
  filled.set("checkpoint", shown_checkpoint(report.log.checkpoint));
  mustache form{std::string(page::head()) + std::string(body_template())};
  return form.render(filled);
}

}  // namespace keyrite::report
