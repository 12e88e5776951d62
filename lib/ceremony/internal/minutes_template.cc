// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/minutes_template.h"

namespace keyrite::ceremony {

namespace {

constexpr std::string_view kTemplate = R"html(<header>
<p class="mode">{{mode}}</p>
<h1>{{kind}}: {{title}}</h1>
<p class="headline">{{ended}}</p>
{{#purpose}}{{#p}}<p>{{p}}</p>
{{/p}}{{#command}}<pre>{{command}}</pre>
{{/command}}{{/purpose}}{{#rehearsal}}<p>This was a rehearsal. Nothing in it was for real: token, keys and approvals were thrown away afterwards.</p>
{{/rehearsal}}</header>
<main>
<dl>
<dt>File, SHA-256</dt><dd><code>{{fours}}</code></dd>
{{#facts}}<dt>{{name}}</dt><dd>{{#value}}{{value}}{{/value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</dd>
{{/facts}}</dl>
<section aria-labelledby="people">
<h2 id="people">People</h2>
{{#has_people}}<p>A signature was checked with the roster. A name that somebody typed rests on those who were in the room.</p>
<div class="scroll" role="region" tabindex="0" aria-label="People">
<table><thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Checked in by</th><th scope="col">At</th><th scope="col" class="narrow">Entry</th></tr></thead>
<tbody>
{{#people}}<tr><td>{{name}}</td><td>{{role}}</td><td>{{how}}</td><td>{{at}}</td><td>{{entry}}</td></tr>
{{/people}}</tbody></table>
</div>
{{/has_people}}{{^has_people}}<p>Nobody checked in.</p>
{{/has_people}}</section>
{{#has_inputs}}<section aria-labelledby="inputs">
<h2 id="inputs">Inputs</h2>
<dl>
{{#inputs}}<dt>{{name}}</dt><dd>{{#value}}{{value}}{{/value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</dd>
{{/inputs}}</dl>
</section>
{{/has_inputs}}{{#lists}}<section aria-labelledby="{{list_id}}">
<h2 id="{{list_id}}">{{list_title}}</h2>
<table class="steps"><thead><tr><th scope="col" class="narrow">No.</th><th scope="col">Step</th><th scope="col" class="name">What happened</th><th scope="col" class="narrow">Asked, answered</th><th scope="col" class="narrow">Entries</th></tr></thead>
<tbody>
{{#steps}}<tr><td class="narrow">{{number}}</td><td>
<h3>{{step_title}}</h3>
<p class="who">{{name}}: {{role}}, {{kind_word}}{{#act}}, keyrite {{act}}{{/act}}{{#minutes}}, planned for {{minutes}} min{{/minutes}}</p>
{{#by}}<p>By {{by}}</p>
{{/by}}{{#answer}}<p>Typed: <code class="typed">{{answer}}</code></p>
{{/answer}}{{#has_results}}<dl class="fields results">
{{#results}}<dt>{{name}}</dt><dd>{{#value}}{{value}}{{/value}}{{#digits}}<code>{{digits}}</code>{{/digits}}</dd>
{{/results}}</dl>
{{/has_results}}</td><td><strong>{{happened}}</strong>{{#because}}<p>{{because}}</p>{{/because}}</td><td class="narrow">{{asked}}<br>{{answered}}</td><td class="narrow">{{entries}}</td></tr>
{{/steps}}</tbody></table>
</section>
{{/lists}}<section aria-labelledby="deviations">
<h2 id="deviations">Deviations</h2>
{{#has_deviations}}<div class="scroll" role="region" tabindex="0" aria-label="Deviations">
<table><thead><tr><th scope="col" class="narrow">No.</th><th scope="col" class="narrow">Step</th><th scope="col">What was entered</th>{{#has_confirmed}}<th scope="col">Confirmed by</th>{{/has_confirmed}}<th scope="col">At</th><th scope="col" class="narrow">Entry</th></tr></thead>
<tbody>
{{#deviations}}<tr><td>{{number}}</td><td>{{step}}</td><td>{{#text}}{{text}}{{/text}}{{^text}}<strong>erased</strong>, SHA-256 <code>{{text_sha256}}</code>{{/text}}</td>{{#has_confirmed}}<td>{{confirmed}}</td>{{/has_confirmed}}<td>{{at}}</td><td>{{entry}}</td></tr>
{{/deviations}}</tbody></table>
</div>
{{/has_deviations}}{{^has_deviations}}<p>None was entered.</p>
{{/has_deviations}}</section>
<section aria-labelledby="differences">
<h2 id="differences">Differences from the plan</h2>
<ul>
{{#differences}}<li>{{sentence}}</li>
{{/differences}}</ul>
{{#has_stood_still}}<div class="scroll keep" role="region" tabindex="0" aria-label="Times in which nothing was done">
<table><caption>Times in which nothing was done</caption>
<thead><tr><th scope="col" class="narrow">Before step</th><th scope="col">Why</th><th scope="col">From</th><th scope="col">Until</th></tr></thead>
<tbody>
{{#stood_still}}<tr><td>{{before}}</td><td>{{reason}}</td><td>{{from}}</td><td>{{until}}</td></tr>
{{/stood_still}}</tbody></table>
</div>
{{/has_stood_still}}</section>
{{#has_duties}}<section aria-labelledby="after">
<h2 id="after">Afterwards</h2>
<div class="scroll" role="region" tabindex="0" aria-label="Afterwards">
<table class="write"><thead><tr><th scope="col">What is to be done</th><th scope="col">By</th><th scope="col" class="day">Date</th><th scope="col" class="narrow">Initials</th></tr></thead>
<tbody>
{{#duties}}<tr><td>{{text}}</td><td>{{role}}</td><td></td><td><span class="initials"></span></td></tr>
{{/duties}}</tbody></table>
</div>
</section>
{{/has_duties}}<section class="part" aria-labelledby="fingerprint">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="fingerprint">Fingerprint of the transcript</h2>
<p>The log {{origin}} had {{size}} entries when the ceremony had ended, and this root. Compare it with what was copied by hand.</p>
<table class="fingerprint large"><thead><tr><th scope="col">Row</th><th scope="col">Root</th><th scope="col">as words</th></tr></thead>
<tbody>
{{#root}}<tr><th scope="row">{{row}}</th><td><code>{{hex}}</code></td><td class="words">{{words}}</td></tr>
{{/root}}</tbody></table>
{{{qr}}}
{{#checkpoint}}<p>The QR code says:</p>
<pre>{{checkpoint}}</pre>
{{/checkpoint}}</section>
<section class="part" aria-labelledby="signatures">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="signatures">Signatures</h2>
<p>We took part. These minutes say what was done.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Signatures">
<table class="write2"><thead><tr><th scope="col" class="narrow">Role</th><th scope="col">Name</th><th scope="col" class="narrow">Agreed</th><th scope="col" class="room">Signature</th><th scope="col" class="day">Date</th></tr></thead>
<tbody>
{{#signers}}<tr><th scope="row" class="narrow">{{role}}</th><td>{{name}}</td><td class="narrow"><span class="tick"></span>agreed<br><span class="tick"></span>not agreed</td><td></td><td></td></tr>
{{/signers}}</tbody></table>
</div>
{{#independent}}<section class="keep" aria-labelledby="independent">
<h3 id="independent">Independent witness</h3>
<p>I am independent of those who held this ceremony. I saw all of it. It was held as its file says, but for the deviations above, and
no key left the HSM but wrapped.</p>
<table class="write2"><tbody>
<tr><th scope="row" class="narrow">Printed name, organisation</th><td></td></tr>
<tr><th scope="row" class="narrow">Signature, date</th><td></td></tr>
</tbody></table>
</section>
{{/independent}}</section>
<section class="keep" aria-labelledby="check">
<h2 id="check">Check these minutes</h2>
<p>This page is not signed: the log is. Take the key of the log (vkey) from a place that whoever wrote these minutes cannot change, and
the file of the ceremony. keyrite says whether this file was run, wholly and in order:</p>
<pre>keyrite verify-ceremony FILE TRANSCRIPT --vkey VKEY</pre>
</section>
)html";

}  // namespace

std::string_view minutes_template() { return kTemplate; }

}  // namespace keyrite::ceremony
