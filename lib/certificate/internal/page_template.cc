// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/internal/page_template.h"

namespace keyrite::certificate {

namespace {

constexpr std::string_view kTemplate = R"html(<body class="{{kind_class}}">
<header>
<p class="log">{{origin}}</p>
<h1>{{title}}</h1>
<p class="headline">{{headline}}</p>
</header>
<main>
<dl>
{{#summary}}<dt>{{name}}</dt><dd>{{#values}}<p>{{value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</p>{{/values}}</dd>
{{/summary}}</dl>
{{#sections}}<section>
<h2>{{heading}}</h2>
{{#intro}}<p>{{intro}}</p>
{{/intro}}<ul>
{{#sentences}}<li>{{sentence}}</li>
{{/sentences}}</ul>
</section>
{{/sections}}<section>
<h2>Versions that were condemned</h2>
{{#versions}}<h3>{{heading}}</h3>
<dl>
{{#rows}}<dt>{{name}}</dt><dd>{{#values}}<p>{{value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</p>{{/values}}</dd>
{{/rows}}</dl>
{{/versions}}</section>
<section>
<h2>Decisions</h2>
{{#decisions}}<h3>{{heading}}</h3>
<dl>
{{#rows}}<dt>{{name}}</dt><dd>{{#values}}<p>{{value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</p>{{/values}}</dd>
{{/rows}}</dl>
{{/decisions}}</section>
<section>
<h2>Tokens</h2>
{{#tokens}}<h3>{{heading}}</h3>
<dl>
{{#rows}}<dt>{{name}}</dt><dd>{{#values}}<p>{{value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</p>{{/values}}</dd>
{{/rows}}</dl>
{{/tokens}}</section>
<section>
<h2>Check this document</h2>
<p>This page is for people. The document that is signed is certificate.json, with SHA-256 <code>{{sha256}}</code>.
It has the entries of the log that each sentence rests on. Take the key of the log (vkey) from a place that the
issuer of this document cannot change, and run:</p>
<pre>keyrite verify-certificate certificate.json --vkey VKEY --page certificate.html</pre>
<p>The commands for openssl and python3, which need no keyrite, are in docs/formats/certificate.md. The entries
here are proven by this checkpoint of the log:</p>
<pre>{{checkpoint}}</pre>
</section>
</main>
</body>
</html>
)html";

}  // namespace

std::string_view page_template() { return kTemplate; }

}  // namespace keyrite::certificate
