// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/ceremony_site.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <sstream>

namespace keyrite::test {

namespace {

constexpr std::string_view kFile = R"(format = "keyrite-ceremony"
version = 1
title = "A short ceremony"
purpose = "It has a step of each kind that a test can do alone."

[[role]]
name = "operator"

[[role]]
name = "witness"

[[input]]
name = "label"
help = "the label of the key"

[[input]]
name = "number"
help = "a number that somebody else has too"

[[step]]
name = "agree"
kind = "confirm"
title = "Agree"
role = "operator"
text = "Read this aloud."
words = "we agree"

[[step]]
name = "make"
act = "generate-kek"
title = "Make the key"
role = "operator"
on_failure = "retry"
[step.with]
type = "aes-256"
label = "${label}"
for = ["aws"]

[[step]]
name = "same"
kind = "compare"
title = "Compare the number"
role = "witness"
text = "Compare it."
value = "${number}"
channel = "the letter of yesterday"

[[step]]
name = "bag"
kind = "record"
form = "number"
title = "Number of the bag"
role = "witness"
text = "Type the number of the bag."

[[step]]
name = "way"
kind = "choose"
title = "Which way"
role = "operator"
text = "Choose."
[[step.alternative]]
words = "short"
text = "the short way"
[[step.alternative]]
words = "long"
text = "the long way"

[[step]]
name = "long-way"
kind = "note"
title = "The long way"
role = "operator"
text = "Walk."
only_if = "way=long"

[[step]]
name = "end"
kind = "witness"
title = "The end"
role = "witness"
text = "The key has the id ${make.id}, and the bag is ${bag.answer}."
words = "I saw it"

[[teardown]]
name = "lock"
kind = "note"
title = "Lock the safe"
role = "witness"
text = "Lock it."
)";

std::string clock_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%H:%M}", fmt::gmtime(now));
}

// Words that are asked for are typed in a line of their own; a question is answered beside it.
bool is_answered_below(const std::string& prompt) {
  const bool asks = prompt.find("ype ") != std::string::npos;
  return (asks || prompt.find("not the end") != std::string::npos ||
          prompt.find("no other way") != std::string::npos) &&
         prompt.find("Witness") == std::string::npos && prompt.find("hours") == std::string::npos;
}

}  // namespace

CeremonySite::CeremonySite() {
  if (ready()) scene.room().shop.put("short.toml", as_bytes(kFile));
}

CeremonySite::CeremonySite(const std::string& faulty_module) : scene(faulty_module) {
  if (ready()) scene.room().shop.put("short.toml", as_bytes(kFile));
}

std::vector<CeremonySite::Asked> CeremonySite::coming_in() {
  return {{"HH:MM", clock_now()}, {"Name of operator", "Olga"}, {"Name of witness", "Will"}};
}

std::vector<CeremonySite::Asked> CeremonySite::steps() {
  return {{"Type exactly: we agree", "we agree"}, {"Type exactly: go", "go"},
          {"type \"differs\"", "89abcdef"},       {"Type the number of the bag", "4711"},
          {"Type the words of one", "short"},     {"Type exactly: I saw it", "I saw it"}};
}

std::vector<CeremonySite::Asked> CeremonySite::all() {
  auto all = coming_in();
  for (auto& one : steps()) all.push_back(std::move(one));
  return all;
}

Json CeremonySite::at_terminal(const Words& words, const std::vector<Asked>& asked,
                               const std::string& last_prompt, int signal) const {
  Json dialogue = Json::array();
  for (const auto& one : asked) {
    dialogue.push_back({{"expect", one.prompt}});
    if (is_answered_below(one.prompt)) dialogue.push_back({{"expect", "> "}});
    if (one.columns != 0) dialogue.push_back({{"window", {24, one.columns}}});
    dialogue.push_back({{"send", one.typed + "\n"}});
  }
  if (!last_prompt.empty()) dialogue.push_back({{"expect", last_prompt}});
  if (signal != 0) dialogue.push_back({{"signal", signal}});
  const bool in_site = words.front() != "rehearse";
  const Words more = in_site ? Words{"--site", scene.site()} + operator_words : Words{};
  const auto done = run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                                      dialogue.dump(), "--", tool_path("ceremony")} +
                                    words + Words{"--json"} + more,
                                with);
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  return parse_json(as_bytes(done.out), "at_terminal");
}

Json CeremonySite::rehearse(const std::vector<Asked>& asked) const {
  return at_terminal(Words{"rehearse", file, "--out", path("practice")} + bound, asked);
}

ProgramRun CeremonySite::verified(const std::string& of) const {
  return run_program(Words{tool_path("verify-ceremony"), of.empty() ? file : of, scene.site(),
                           "--vkey", scene.vkey(), "--json"});
}

std::string CeremonySite::differences(const std::string& of) const {
  const auto done = verified(of);
  CAPTURE(done.err);
  const Json result = parse_json(as_bytes(done.out), "output");
  if (!result.contains("result")) return result["error"]["code"];
  const Json& told = result["result"];
  CHECK(done.exit_code == (told["holds"].get<bool>() ? 0 : 6));
  if (told["holds"].get<bool>()) return "holds";
  std::string codes;
  for (const auto& one : told["differences"])
    codes += (codes.empty() ? "" : " ") + one["code"].get<std::string>();
  return codes;
}

std::string CeremonySite::python(const std::string& program) const {
  shop().put("look.py", as_bytes("import hashlib, json, os\n"
                                 "log = [json.loads(line) for line in "
                                 "open('site/transcript/log.jsonl')]\n"
                                 "def results(act): return [e['facts'] for e in log if e['act'] == "
                                 "act and e['event'] == 'result' and e['outcome'] == 'done']\n" +
                                 program));
  return as_text(shop().must("python3 look.py"));
}

std::string CeremonySite::told() const {
  return python(
      "print(''.join(f\"{f['step']} {f['outcome']};\" for f in results('ceremony-step') if "
      "f['step']), end='')");
}

std::string CeremonySite::id() const {
  return python("print(results('ceremony-open')[-1]['ceremony'], end='')");
}

std::string in_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::string code_in(const Json& seen) {
  const auto out = seen["out"].get<std::string>();
  if (out.empty()) return "no document";
  const Json document = parse_json(as_bytes(out), "output");
  return document.contains("error") ? document["error"]["code"].get<std::string>()
                                    : std::string("no error");
}

}  // namespace keyrite::test
