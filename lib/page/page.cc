// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "page/page.h"

#include "base/bytes.h"
#include "crypto/digest.h"

namespace keyrite::page {

namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1a1e23; --quiet: #4f5862; --line: #c6ccd2;
  --mark: #0b5d3b; }
.interim { --mark: #8a4700; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --ink: #e9ebee; --quiet: #aab3bd; --line: #3d454e; --mark: #74d6a7; }
  .interim { --mark: #f2b56b; }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 47rem; padding: 2.5rem 1.5rem 4rem; font: 1rem/1.55 "Source Serif 4", Charter,
  Georgia, "Liberation Serif", serif; overflow-wrap: anywhere; }
h1, h2, h3, dt, th, .log { font-family: "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
code, pre { font: .82em/1.5 "Cascadia Mono", Consolas, Menlo, "Liberation Mono", monospace; }
header { border-top: .4rem solid var(--mark); padding-top: 1.25rem; }
.log { margin: 0; font-size: .875rem; color: var(--quiet); }
h1 { margin: .25rem 0 .75rem; font-size: 2rem; line-height: 1.15; font-weight: 650; text-wrap: balance; }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); font-size: 1.25rem;
  line-height: 1.3; font-weight: 650; break-after: avoid; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; line-height: 1.4; font-weight: 650; break-after: avoid; }
p { margin: .5rem 0; }
.headline { margin: 0; padding: .1rem 0 .1rem 1rem; border-left: .25rem solid var(--mark); font-size: 1.125rem; }
ul { margin: 0; padding-left: 1.2rem; }
li { margin: .5rem 0; break-inside: avoid; }
li::marker { color: var(--quiet); }
dl { display: grid; grid-template-columns: minmax(9rem, 1fr) 3fr; gap: .35rem 1.25rem; margin: 1rem 0; }
dt { color: var(--quiet); font-size: .9375rem; }
dd { margin: 0; }
dt, dd { break-inside: avoid; }
dd p { margin: 0; }
pre { margin: .75rem 0; padding: .75rem 1rem; border: 1px solid var(--line); white-space: pre-wrap; }
@media (max-width: 34rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.625rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dt { margin-top: .6rem; }
}
@page { margin: 18mm 17mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --quiet: #3f464d; --line: #9aa1a8; --mark: #0b5d3b; }
  .interim { --mark: #8a4700; }
  html { font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1.75rem; }
}
)css";

constexpr std::string_view kHead = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{style_sha256}}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{title}}: {{subject}}</title>
<style>{{{style}}}</style>
</head>
)html";

}  // namespace

std::string_view style() { return kStyle; }
std::string_view head() { return kHead; }
std::string style_sha256(std::string_view style) {
  return to_base64(crypto::sha256(as_bytes(style)));
}

}  // namespace keyrite::page
