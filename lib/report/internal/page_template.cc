// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/internal/page_template.h"

namespace keyrite::report {

namespace {

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
{{/intros}}{{#figures}}<figure>
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
{{/tables}}</section>
{{/sections}}<section>
<h2>Check this report</h2>
<p>This page is not signed. Each number in it can be counted again: entry N is line N+1 of transcript/log.jsonl in
the site, and keyrite transcript show lists them for people. Take the key of the log (vkey) from a place that the
issuer of this page cannot change, and run:</p>
<pre>keyrite transcript verify SITE --vkey VKEY</pre>
<p>The report was made of the log that this checkpoint signs:</p>
<pre>{{checkpoint}}</pre>
</section>
</main>
</body>
</html>
)html";

}  // namespace

std::string_view body_template() { return kBody; }
std::string_view table_style() { return kTableStyle; }

}  // namespace keyrite::report
