// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/paper_style.h"

namespace keyrite::ceremony {

namespace {

// Measures for handwriting are in millimetres, also on the screen. Nothing is said by colour alone:
// a copier and a fax have none.
constexpr std::string_view kStyle = R"css(
body { max-width: 56rem; overflow-wrap: break-word; }
.running { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; margin: 0 0 .75rem;
  font: .8125rem/1.4 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  color: var(--quiet); }
.running strong { color: var(--ink); }
.mode { display: inline-block; margin: .5rem 0; padding: .1rem .75rem; border: .2rem solid var(--ink);
  font: 700 1.25rem/1.5 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  letter-spacing: .12em; }
.part { margin-top: 3rem; }
.part > h2 { margin-top: 0; }
.scroll { overflow-x: auto; }
table { width: 100%; margin: .75rem 0 1.25rem; border-collapse: collapse; }
th, td { padding: .35rem .5rem; border: 1px solid var(--ink); text-align: left; vertical-align: top; }
th { font-size: .875rem; line-height: 1.3; font-weight: 650; }
tr { break-inside: avoid; }
caption { padding-bottom: .35rem; text-align: left; font-weight: 650; }
td code { overflow-wrap: anywhere; }
.narrow { width: 1%; white-space: nowrap; }
.name { width: 36mm; }
.room { width: 48mm; }
.day { width: 22mm; }
.write td { height: 11mm; }
.write2 td { height: 18mm; }
.line { display: block; height: 8mm; border-bottom: 1px solid var(--ink); }
.blank { display: inline-block; width: 52mm; max-width: 100%; height: 7mm; border-bottom: 1px solid var(--ink); }
.short { width: 20mm; }
.four { display: inline-block; width: 17mm; height: 8mm; margin: 0 1.5mm 1.5mm 0; border: 1px solid var(--ink); vertical-align: top; }
.values .four { width: 10.2mm; margin-right: .8mm; }
.steps .four { width: 19mm; }
.word { display: inline-block; width: 24mm; max-width: 100%; height: 8mm; margin-right: 1.5mm; border-bottom: 1px solid var(--ink); }
.root td, .root th { padding-top: .15rem; padding-bottom: .15rem; }
.tick { display: inline-block; width: 4.5mm; height: 4.5mm; margin-right: 1.5mm; border: .35mm solid var(--ink);
  vertical-align: -.7mm; }
.initials { display: block; width: 18mm; height: 9mm; border: 1px solid var(--ink); }
.time { display: block; width: 22mm; height: 9mm; border: 1px solid var(--ink); }
.big { display: block; width: 100%; height: 34mm; border: 1px solid var(--ink); }
.copy { display: block; width: 52mm; height: 52mm; max-width: 100%; border: 1px dashed var(--ink); }
.steps td { padding-top: .6rem; padding-bottom: .6rem; }
.steps h3 { margin: 0; }
.steps p { margin: .35rem 0; }
.who { color: var(--quiet); font: .875rem/1.4 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
.lasting { margin: .5rem 0; padding: .15rem 0 .15rem .75rem; border-left: 3mm solid var(--ink); }
.say { margin: .35rem 0; padding-left: .75rem; border-left: 1px solid var(--ink); }
.typed { display: inline-block; padding: .1rem .5rem; border: 1px solid var(--ink); white-space: pre-wrap; }
.fields { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .15rem 1rem; margin: .35rem 0; }
.results { grid-template-columns: 1fr; gap: 0; }
.fingerprint { width: auto; }
.fingerprint code { font-size: 1rem; white-space: nowrap; }
.large code, .large .words { font-size: 1.3rem; }
.words { font-family: "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
.qr { display: block; width: 26mm; height: auto; margin: .5rem 0; border: 1px solid var(--line); }
#fingerprint ~ .qr { width: 42mm; }
.cover { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: flex-start; }
@media screen and (max-width: 40rem) {
  section { overflow-x: auto; }
  .narrow { width: auto; white-space: normal; }
  .steps, .steps tbody, .steps tr, .steps td { display: block; width: auto; }
  .steps thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .steps tr { margin-bottom: 1rem; border: 1px solid var(--ink); }
  .steps td { border: 0; }
  .fields { grid-template-columns: 1fr; gap: 0; }
  .fields dt { margin-top: .35rem; }
  .large code, .large .words { font-size: 1rem; }
}
@page { margin: 20mm 15mm 19mm 25mm; font: 8pt/1.3 "Liberation Sans", Arial, sans-serif;
  @top-left { font-weight: bold; font-size: 10pt; } @top-right { content: "Page " counter(page) " of " counter(pages); }
  @bottom-left { font: 6.5pt/1.3 "Liberation Mono", monospace; } }
@media print {
  body { max-width: none; }
  header { border-top: 0; padding-top: 0; }
  table { width: calc(100% - .5mm); font-size: 10pt; }
  .part { margin-top: 0; break-before: page; }
  .scroll { overflow: visible; }
  .wide { page: wide; }
  .fingerprint { width: auto; }
  .keep { break-inside: avoid; }
  .apart { break-before: page; }
}
)css";

constexpr std::string_view kBegin = R"html(<body{{#rehearsal}} class="interim"{{/rehearsal}}>
)html";

constexpr std::string_view kEnd = R"html(</main>
</body>
</html>
)html";

}  // namespace

std::string_view paper_style() { return kStyle; }
std::string_view page_begin() { return kBegin; }
std::string_view page_end() { return kEnd; }

}  // namespace keyrite::ceremony
