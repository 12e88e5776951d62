// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "page/tables.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <kainjow/mustache.hpp>

#include "base/text.h"
#include "page/page.h"

namespace keyrite::page {

namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr std::string_view kTableStyle = R"css(
:root { --good: #0b5d3b; --alarm: #a11212; }
@media (prefers-color-scheme: dark) { :root { --good: #74d6a7; --alarm: #ff9f94; } }
body { max-width: 64rem; }
p, ul, dl { max-width: 47rem; }
table { width: 100%; margin: 1rem 0; border-collapse: collapse; font-size: .875rem; line-height: 1.45; }
caption { text-align: left; color: var(--quiet); padding-bottom: .35rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; overflow-wrap: break-word; }
tbody th { font-weight: 650; min-width: 7rem; }
tr { break-inside: avoid; }
td p { margin: 0; }
.late { color: var(--alarm); font-weight: 650; }
@media screen and (max-width: 40rem) {
  table, caption, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { padding: .1rem 0; border: 0; }
  td::before { content: attr(data-label) ": "; color: var(--quiet); }
  td:empty { display: none; }
  td p:first-child { display: inline; }
}
@media print {
  :root { --good: #0b5d3b; --alarm: #a11212; }
  body { max-width: none; }
  table { font-size: 9pt; }
  figure { max-width: 30rem; }
  h2 + p { break-after: avoid; }
  thead { display: table-header-group; }
}
)css";

constexpr std::string_view kBody =
    R"html(<body{{#wrong_class}} class="{{wrong_class}}"{{/wrong_class}}>
<header>
<p class="log">{{origin}}</p>
<h1>{{title}}</h1>
<p class="headline">{{headline}}</p>
</header>
<main>
<dl>
{{#summary}}<dt>{{name}}</dt><dd>{{#values}}<p>{{value}}</p>{{/values}}</dd>
{{/summary}}</dl>
{{#sections}}<section>
<h2>{{heading}}</h2>
{{#intros}}<p>{{intro}}</p>
{{/intros}}{{#list}}<ul>
{{#points}}<li>{{point}}</li>
{{/points}}</ul>
{{/list}}{{#figures}}<figure>
<figcaption>{{caption}}</figcaption>
{{{svg}}}
</figure>
{{/figures}}{{#tables}}<table>
<caption>{{caption}}</caption>
<thead><tr>{{#columns}}<th scope="col">{{column}}</th>{{/columns}}</tr></thead>
<tbody>
{{#rows}}<tr>{{#cells}}{{#head}}<th scope="row">{{head}}</th>{{/head}}{{#label}}<td data-label="{{label}}"{{#late}} class="late"{{/late}}>{{#lines}}<p>{{line}}</p>{{/lines}}</td>{{/label}}{{/cells}}</tr>
{{/rows}}</tbody>
</table>
{{/tables}}{{#steps}}<p>{{text}}</p>
{{#shown}}<pre>{{shown}}</pre>
{{/shown}}{{/steps}}</section>
{{/sections}}</main>
</body>
</html>
)html";

// A control character or one that turns the reading direction would hide what a name is.
data text_data(const std::string& value) { return printable(value); }

// The same line by line.
std::string printable_lines(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines += printable(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

data text_list(const char* name, const std::vector<std::string>& values) {
  data list{data::type::list};
  for (const auto& value : values) list << data{name, text_data(value)};
  return list;
}

// The first cell of a row is its heading.
data cells_of(const Row& row, const std::vector<std::string>& columns) {
  data list{data::type::list};
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    data cell;
    if (i == 0) {
      cell.set("head", text_data(fmt::format("{}", fmt::join(row.cells[i], " "))));
    } else {
      cell.set("label", columns[i]);
      cell.set("lines", text_list("line", row.cells[i]));
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
  one.set("caption", text_data(table.caption));
  one.set("columns", text_list("column", table.columns));
  one.set("rows", rows);
  return one;
}

data step_of(const Step& step) {
  data one;
  one.set("text", text_data(step.text));
  if (!step.shown.empty()) one.set("shown", printable_lines(step.shown));
  return one;
}

data section_data(const Section& section) {
  data one;
  one.set("heading", text_data(section.heading));
  one.set("intros", text_list("intro", section.intros));
  if (!section.points.empty()) {
    data list;
    list.set("points", text_list("point", section.points));
    one.set("list", list);
  }
  data figures{data::type::list};
  for (const auto& picture : section.pictures) {
    data figure;
    figure.set("caption", text_data(picture.caption));
    figure.set("svg", picture.svg);
    figures << figure;
  }
  one.set("figures", figures);
  data tables{data::type::list};
  for (const auto& table : section.tables) {
    if (!table.rows.empty()) tables << table_of(table);
  }
  one.set("tables", tables);
  data steps{data::type::list};
  for (const auto& step : section.steps) steps << step_of(step);
  one.set("steps", steps);
  return one;
}

data summary_data(const SummaryRows& rows) {
  data list{data::type::list};
  for (const auto& [name, values] : rows) {
    data row;
    row.set("name", text_data(name));
    row.set("values", text_list("value", values));
    list << row;
  }
  return list;
}

}  // namespace

std::string tabled_page(const TabledPage& page, std::string_view more_style) {
  const std::string whole =
      std::string(style()) + std::string(kTableStyle) + std::string(more_style);
  data filled;
  filled.set("title", text_data(page.title));
  filled.set("subject", text_data(page.subject));
  filled.set("style", whole);
  filled.set("style_sha256", style_sha256(whole));
  filled.set("origin", text_data(page.origin));
  filled.set("headline", text_data(page.headline));
  if (page.alarm) filled.set("wrong_class", "interim");
  filled.set("summary", summary_data(page.summary));
  data sections{data::type::list};
  for (const auto& section : page.sections) sections << section_data(section);
  filled.set("sections", sections);
  mustache form{std::string(head()) + std::string(kBody)};
  return form.render(filled);
}

}  // namespace keyrite::page
