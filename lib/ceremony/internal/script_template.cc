// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/script_template.h"

#include <string>

namespace keyrite::ceremony {

namespace {

// Each part begins a page, and says again which ceremony it belongs to: not every browser prints
// what the style puts into the margins.
constexpr std::string_view kCover = R"html(<header>
<p class="mode">{{mode}}</p>
<h1>{{title}}</h1>
{{#purpose}}{{#p}}<p class="headline">{{p}}</p>
{{/p}}{{#command}}<pre>{{command}}</pre>
{{/command}}{{/purpose}}{{#rehearsal}}<p>This is a rehearsal. Nothing in it is for real: token, keys and approvals are thrown away afterwards.</p>
{{/rehearsal}}</header>
<main>
<section aria-labelledby="file">
<h2 id="file">The file</h2>
<p>This script is printed from the file with this SHA-256. Compare it with the screen before you begin: the same digits,
or the same words.</p>
<div class="cover">
<table class="fingerprint"><thead><tr><th scope="col">Row</th><th scope="col">SHA-256</th><th scope="col">as words</th></tr></thead>
<tbody>
{{#fingerprint}}<tr><th scope="row">{{row}}</th><td><code>{{hex}}</code></td><td class="words">{{words}}</td></tr>
{{/fingerprint}}</tbody></table>
{{{qr}}}
</div>
<dl>
<dt>Printed</dt><dd>{{printed_at}}, by {{tool}}</dd>
<dt>Steps</dt><dd>{{count}}, planned for {{planned}} minutes</dd>
<dt>Valid</dt><dd>{{valid_days}} days from its beginning</dd>
<dt>People check in</dt><dd>{{check_in}}</dd>
</dl>
</section>
<section class="keep" aria-labelledby="held">
<h2 id="held">Held</h2>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Place</th><td colspan="3"></td></tr>
<tr><th scope="row" class="narrow">Date</th><td></td><th scope="row" class="narrow">Start, end (HH:MM)</th><td></td></tr>
<tr><th scope="row" class="narrow">Clock compared with</th><td></td><th scope="row" class="narrow">Difference in seconds</th><td></td></tr>
</tbody></table>
</section>
)html";

constexpr std::string_view kPeople = R"html(<section class="part" aria-labelledby="terms">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="terms">Terms and roles</h2>
<table><thead><tr><th scope="col" class="narrow">Term</th><th scope="col">Meaning</th></tr></thead>
<tbody>
{{#terms}}<tr><th scope="row" class="narrow">{{term}}</th><td>{{meaning}}</td></tr>
{{/terms}}</tbody></table>
<table><thead><tr><th scope="col" class="narrow">Role</th><th scope="col" class="narrow">People</th><th scope="col">Does what</th></tr></thead>
<tbody>
{{#roles}}<tr><th scope="row" class="narrow">{{name}}</th><td class="narrow">{{people}}</td><td>{{duty}}</td></tr>
{{/roles}}</tbody></table>
<p>Whatever does not go as this script says is a deviation. Type "!" at any question of the screen, then what differs. The witness
confirms it, the screen gives it a number, and an exception sheet with that number takes the rest. Nobody goes on before.</p>
<p>keyrite makes no key in parts: nobody here holds a component of a key in clear.</p>
</section>
<section class="part wide" aria-labelledby="people">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="people">People present</h2>
<table class="write2"><thead><tr><th scope="col" class="narrow">Role</th><th scope="col">Printed name</th><th scope="col">Organisation</th>
<th scope="col" class="name">Identity document checked, by whom</th><th scope="col">Signature</th><th scope="col" class="day">Initials</th><th scope="col" class="day">In</th><th scope="col" class="day">Out</th></tr></thead>
<tbody>
{{#seats}}<tr><th scope="row" class="narrow">{{role}}</th><td></td><td></td><td class="narrow"><span class="tick"></span>yes <span class="tick"></span>no</td><td></td><td></td><td></td><td></td></tr>
{{/seats}}{{#guests}}<tr><th scope="row" class="narrow">also present</th><td></td><td></td><td class="narrow"><span class="tick"></span>yes <span class="tick"></span>no</td><td></td><td></td><td></td><td></td></tr>
{{/guests}}</tbody></table>
</section>
)html";

constexpr std::string_view kThings =
    R"html(<section class="part" aria-labelledby="things">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="things">Materials and preconditions</h2>
{{#has_materials}}<table class="write"><caption>Materials</caption>
<thead><tr><th scope="col">What</th><th scope="col" class="narrow">How many</th><th scope="col">Serial number expected</th><th scope="col" class="name">Serial number seen</th><th scope="col" class="day">Bag number</th><th scope="col" class="narrow">Seen</th></tr></thead>
<tbody>
{{#materials}}<tr><td>{{name}}</td><td>{{quantity}}</td><td>{{serial}}</td><td></td><td></td><td><span class="tick"></span></td></tr>
{{/materials}}</tbody></table>
{{/has_materials}}{{#has_preconditions}}<table><caption>Before it begins</caption>
<thead><tr><th scope="col">This holds</th><th scope="col" class="narrow">Seen</th><th scope="col" class="narrow">Initials</th></tr></thead>
<tbody>
{{#preconditions}}<tr><td>{{text}}</td><td><span class="tick"></span></td><td><span class="initials"></span></td></tr>
{{/preconditions}}</tbody></table>
{{/has_preconditions}}{{#has_inputs}}<table><caption>Inputs, which the file leaves open</caption>
<thead><tr><th scope="col" class="narrow">In this script</th><th scope="col">What it is</th><th scope="col" class="narrow">Bound</th><th scope="col" class="room">Value</th></tr></thead>
<tbody>
{{#inputs}}<tr><th scope="row" class="narrow"><code>{{reference}}</code></th><td>{{help}}</td><td class="narrow">{{bound}}</td><td>{{#value}}<code>{{value}}</code>{{/value}}{{^value}}<span class="line"></span>{{/value}}</td></tr>
{{/inputs}}</tbody></table>
{{/has_inputs}}</section>
)html";

constexpr std::string_view kSteps =
    R"html({{#lists}}<section class="part" aria-labelledby="{{list_id}}">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="{{list_id}}">{{list_title}}</h2>
<p>{{list_intro}}</p>
<table class="steps"><thead><tr><th scope="col" class="narrow">No.</th><th scope="col">Step</th><th scope="col" class="narrow">Plan</th><th scope="col" class="narrow">Initials</th><th scope="col" class="narrow">Time</th></tr></thead>
<tbody>
{{#steps}}<tr><td class="narrow">{{number}}</td><td>
<h3>{{step_title}}</h3>
<p class="who">{{role}}, {{kind_word}}</p>
{{#conditions}}<p><strong>{{sentence}}</strong></p>
{{/conditions}}{{#lasting}}<p class="lasting"><strong>CANNOT BE UNDONE:</strong> {{lasting}}</p>
{{/lasting}}{{#has_text}}<p>{{spoken}}</p>
<div class="say">{{#text}}{{#p}}<p>{{p}}</p>{{/p}}{{#command}}<pre>{{command}}</pre>{{/command}}{{/text}}</div>
{{/has_text}}{{#act}}<p>keyrite does: <code>keyrite {{act}}</code></p>
{{/act}}{{#has_fields}}<dl class="fields">
{{#fields}}<dt>{{name}}</dt><dd><code>{{value}}</code></dd>
{{/fields}}</dl>
{{/has_fields}}{{#typed}}<p>Type exactly: <code class="typed">{{typed}}</code></p>
{{/typed}}{{#compare}}<p>The screen shows {{what}} without its end.{{#seen}} It is <code>{{seen}}</code>.{{/seen}}</p>
<p>Read all of it from: {{channel}}</p>
{{#line_blank}}<span class="line"></span>{{/line_blank}}{{#fours_blank}}<span class="four"></span>{{/fours_blank}}
<p><span class="tick"></span>the same: type its last 8 digits <span class="tick"></span>not the same: type <code class="typed">differs</code></p>
{{/compare}}{{#record}}<p>Type, and write here ({{form}}):</p>
{{#line_blank}}<span class="line"></span>{{/line_blank}}{{#fours_blank}}<span class="four"></span>{{/fours_blank}}
{{/record}}{{#choose}}<p>Choose one, and type its words:</p>
{{#alternatives}}<p><span class="tick"></span><code class="typed">{{words}}</code> {{text}}</p>
{{/alternatives}}{{/choose}}{{#await}}<p>The next step needs:</p>
{{#awaited}}<p><span class="tick"></span><code>{{name}}</code>: {{help}}</p>
{{/awaited}}{{/await}}{{#pause}}<p>Who stays in the room, two people at least: <span class="blank"></span></p>
{{/pause}}{{#leaves}}<p>People may leave. Out: <span class="blank short"></span> In: <span class="blank short"></span> Whoever comes back checks in again.</p>
{{/leaves}}{{#copies}}<p>Copy what the screen shows into "Values to copy".</p>
{{/copies}}{{#failure}}<p>{{failure}}</p>
{{/failure}}</td><td class="narrow">{{#minutes}}{{minutes}} min{{/minutes}}</td><td class="narrow"><span class="initials"></span></td><td class="narrow"><span class="time"></span></td></tr>
{{/steps}}</tbody></table>
</section>
{{/lists}})html";

constexpr std::string_view kValues =
    R"html({{#has_values}}<section class="part" aria-labelledby="values">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="values">Values to copy</h2>
<p>Copy each value from the screen by hand, four digits to a box. A second person reads it back.</p>
<table class="values"><thead><tr><th scope="col" class="narrow">Step</th><th scope="col" class="name">Value</th><th scope="col">As the screen shows it</th><th scope="col" class="narrow">Read back</th></tr></thead>
<tbody>
{{#values}}<tr><td class="narrow">{{number}}</td><td>{{name}}<br><span class="who">{{step_title}}</span></td><td>{{#line_blank}}<span class="line"></span>{{/line_blank}}{{#fours_blank}}<span class="four"></span>{{/fours_blank}}</td><td><span class="initials"></span></td></tr>
{{/values}}</tbody></table>
</section>
{{/has_values}})html";

constexpr std::string_view kExceptions =
    R"html({{#sheets}}<section class="part" aria-labelledby="exception-{{nr}}">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="exception-{{nr}}">Exception sheet {{nr}}</h2>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Number, as the screen says it</th><td></td><th scope="row" class="narrow">Step</th><td></td><th scope="row" class="narrow">Time (HH:MM)</th><td></td></tr>
</tbody></table>
<p>What happened</p>
<span class="big"></span>
<p>What was decided</p>
<span class="big"></span>
<p>What it means for later steps</p>
<span class="big"></span>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Decided by</th><td></td></tr>
</tbody></table>
<table class="write"><caption>Initials of all who are present</caption><tbody>
<tr>{{#seats}}<td class="who">{{role}}</td>{{/seats}}</tr>
</tbody></table>
</section>
{{/sheets}})html";

constexpr std::string_view kAfter =
    R"html({{#has_duties}}<section class="part" aria-labelledby="after">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="after">Afterwards</h2>
<table class="write"><thead><tr><th scope="col">What is to be done</th><th scope="col" class="narrow">By</th><th scope="col" class="name">Place, bag or courier</th><th scope="col" class="day">Date</th><th scope="col" class="narrow">Initials</th></tr></thead>
<tbody>
{{#duties}}<tr><td>{{text}}</td><td class="narrow">{{role}}</td><td></td><td></td><td><span class="initials"></span></td></tr>
{{/duties}}</tbody></table>
</section>
{{/has_duties}}<section class="part" aria-labelledby="signatures">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="signatures">Signatures</h2>
<p>Each who took part says whether the ceremony was held as this script is written, or with which exceptions.</p>
<table class="write2"><thead><tr><th scope="col">Role</th><th scope="col" class="name">Printed name</th><th scope="col">Held</th><th scope="col" class="name">Signature</th><th scope="col" class="day">Date</th></tr></thead>
<tbody>
{{#seats}}<tr><th scope="row" class="narrow">{{role}}</th><td></td><td class="narrow"><span class="tick"></span>as written<br><span class="tick"></span>with exceptions<br>no. <span class="blank short"></span><br><span class="tick"></span>I do not agree</td><td></td><td></td></tr>
{{/seats}}</tbody></table>
{{#independent}}<section class="keep" aria-labelledby="independent">
<h3 id="independent">Independent witness</h3>
<p>A person who is independent of those who hold this ceremony (an auditor, a notary) saw all of it, and confirms that it was held as this
script and its exception sheets say, and that no key left the HSM but wrapped.</p>
<table class="write2"><tbody>
<tr><th scope="row" class="narrow">Printed name, organisation</th><td></td></tr>
<tr><th scope="row" class="narrow">Exceptions no.</th><td></td></tr>
<tr><th scope="row" class="narrow">Signature, date</th><td></td></tr>
</tbody></table>
</section>
{{/independent}}</section>
)html";

constexpr std::string_view kFormSheets =
    R"html({{#forms}}<section class="part" aria-labelledby="form-{{nr}}">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="form-{{nr}}">Acknowledgement of a custodian</h2>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Name</th><td>{{name}}</td></tr>
<tr><th scope="row" class="narrow">Employer</th><td></td></tr>
<tr><th scope="row" class="narrow">Role</th><td></td></tr>
<tr><th scope="row" class="narrow">In charge of (identifier, never a value)</th><td></td></tr>
</tbody></table>
<p>I know my duties:</p>
<ul>
<li>I never disclose a PIN, a passphrase or what I know of it, and never use it alone where two people are asked for.</li>
<li>I keep what was handed to me in the place that was named to me, and look at its bag and seal before I open it.</li>
<li>I report at once if it is lost or opened, or if somebody else may know it.</li>
<li>I give it back when I leave this duty, and sign that I did.</li>
</ul>
<table class="write2"><tbody>
<tr><th scope="row" class="narrow">Signature, date</th><td></td></tr>
<tr><th scope="row" class="narrow">Manager: name, signature, date</th><td></td></tr>
<tr><th scope="row" class="narrow">Released from this duty: date, signatures</th><td></td></tr>
</tbody></table>
</section>
{{/forms}})html";

constexpr std::string_view kFingerprint =
    R"html(<section class="part" aria-labelledby="fingerprint">
<p class="running"><strong>{{mode}}</strong> <span>{{title}}</span></p>
<h2 id="fingerprint">Fingerprint of the transcript</h2>
<p>At the end the screen shows the head of the log. Copy it by hand while all are present: whoever keeps this page can
show later that the log was not written anew.</p>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Name of the log</th><td></td></tr>
<tr><th scope="row" class="narrow">Number of entries</th><td></td></tr>
<tr><th scope="row" class="narrow">Root as base64</th><td></td></tr>
</tbody></table>
<table class="root"><thead><tr><th scope="col" class="narrow">Row</th><th scope="col">Root in fours</th><th scope="col">as words</th></tr></thead>
<tbody>
{{#root}}<tr><th scope="row">{{nr}}</th><td class="narrow"><span class="four"></span><span class="four"></span></td><td><span class="word"></span><span class="word"></span><span class="word"></span><span class="word"></span></td></tr>
{{/root}}</tbody></table>
<table class="write"><tbody>
<tr><th scope="row" class="narrow">Copied by, time</th><td></td><th scope="row" class="narrow">Read back by</th><td></td></tr>
</tbody></table>
<p>If the QR code is printed or photographed, put it here:</p>
<span class="copy"></span>
</section>
)html";

}  // namespace

std::string_view script_template() {
  static const std::string all = [] {
    std::string text;
    for (const auto part : {kCover, kPeople, kThings, kSteps, kValues, kExceptions, kAfter,
                            kFormSheets, kFingerprint})
      text += part;
    return text;
  }();
  return all;
}

}  // namespace keyrite::ceremony
