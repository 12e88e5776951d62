// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "unit/ceremony/schema_of_tables.h"

#include <string>

#include "ceremony/model.h"
#include "ceremony/step_acts.h"

namespace keyrite::test {

namespace {

using namespace ceremony;

constexpr const char* kWord = "^[a-z][a-z0-9-]*$";

Json text(const char* about) {
  return {{"type", "string"}, {"minLength", 1}, {"maxLength", 4000}, {"description", about}};
}

Json line(const char* about) {
  Json one = text(about);
  one["pattern"] = "^[^\n\r\t]*$";
  return one;
}

Json word(const char* about) {
  return {{"type", "string"}, {"pattern", kWord}, {"description", about}};
}

Json number(std::int64_t least, std::int64_t most, std::int64_t otherwise, const char* about) {
  return {{"type", "integer"},
          {"minimum", least},
          {"maximum", most},
          {"default", otherwise},
          {"description", about}};
}

template <class Words>
Json choice(const Words& words, const char* about) {
  Json list = Json::array();
  for (const auto& one : words) list.push_back(one);
  return {{"enum", list}, {"description", about}};
}

Json texts(const char* about) {
  return {
      {"type", "array"}, {"items", {{"type", "string"}, {"minLength", 1}}}, {"description", about}};
}

Json table(Json properties, Json required, const char* about) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"description", about}};
}

Json list_of(const char* definition) {
  return {{"type", "array"}, {"items", {{"$ref", std::string("#/definitions/") + definition}}}};
}

// A reference stands where a number or a choice would: its value is known later.
Json field_schema(const act::BoundField& field) {
  const auto& info = field.info();
  Json one{{"type", "string"}};
  if (!info.choices.empty()) {
    Json choices = Json::array();
    for (const auto& each : info.choices) choices.push_back(each);
    one = {{"anyOf", {{{"enum", choices}}, {{"type", "string"}, {"pattern", "\\$\\{"}}}}};
  }
  if (field.is_flag()) one = {{"type", "boolean"}};
  const bool counts = info.value == "N" || info.value == "DAYS" || info.value == "HOURS";
  if (counts) one = {{"type", {"integer", "string"}}, {"minimum", 0}};
  if (field.is_list()) one = {{"anyOf", {one, {{"type", "array"}, {"items", one}}}}};
  one["description"] = info.help;
  return one;
}

Json with_of(const ActRow& row) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& field : row.request().fields) {
    properties[std::string(field.info().name)] = field_schema(field);
    if (field.info().need == act::Need::kRequired) required.push_back(field.info().name);
  }
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", properties},
          {"required", required}};
}

// "if the act is X, then `with` has the fields of X".
Json rules_of_acts() {
  Json rules = Json::array();
  for (const auto& row : step_acts()) {
    Json then{{"properties", {{"with", with_of(row)}}}};
    if (!with_of(row)["required"].empty()) then["required"] = Json{"with"};
    rules.push_back(
        {{"if", {{"properties", {{"act", {{"const", row.command}}}}}, {"required", {"act"}}}},
         {"then", then}});
  }
  return rules;
}

// What a step of a kind has besides what each step has.
Json rule_of_kind(StepKind kind, Json own, Json required) {
  Json own_names = Json::array();
  for (const auto& [name, schema] : own.items()) own_names.push_back(name);
  // The members of the other kinds are false here: an editor does not offer them.
  Json properties = std::move(own);
  for (const char* name :
       {"act", "with", "words", "value", "channel", "form", "inputs", "alternative"}) {
    if (!properties.contains(name)) properties[name] = false;
  }
  return {{"if", {{"properties", {{"kind", {{"const", word_of(kind)}}}}}, {"required", {"kind"}}}},
          {"then", {{"properties", std::move(properties)}, {"required", std::move(required)}}}};
}

Json rules_of_kinds() {
  using enum StepKind;
  const Json is_there = true;
  return {rule_of_kind(kAct, {{"act", is_there}, {"with", is_there}}, {"act"}),
          rule_of_kind(kConfirm, {{"words", is_there}}, {"words", "text"}),
          rule_of_kind(kCompare, {{"value", is_there}, {"channel", is_there}},
                       {"value", "channel", "text"}),
          rule_of_kind(kRecord, {{"form", is_there}}, Json::array({"text"})),
          rule_of_kind(kWitness, {{"words", is_there}}, {"words", "text"}),
          rule_of_kind(kNote, Json::object(), Json::array({"text"})),
          rule_of_kind(kPause, Json::object(), Json::array({"text"})),
          rule_of_kind(kAwait, {{"inputs", is_there}}, Json::array({"text"})),
          rule_of_kind(kChoose, {{"alternative", is_there}}, {"alternative", "text"})};
}

Json step_schema() {
  Json one = table(
      {{"name", word("unique in the file; what it makes is ${NAME.FIELD}")},
       {"kind", choice(kStepKindWords, "what a step is; with \"act\" it may be left out")},
       {"title", line("what people see first")},
       {"role", word("who does it: a role of this file")},
       {"text", text("read aloud, or what is to be done")},
       {"minutes", number(0, 24 * 60, 0, "planned")},
       {"act", choice(act_commands(), "the command, as it is typed after keyrite")},
       {"with", {{"type", "object"}, {"description", "the fields of the act, by their options"}}},
       {"words", line("typed exactly")},
       {"value", line("one reference: the value that the screen shows")},
       {"channel", line("where the other value comes from")},
       {"form", choice(std::array{"text", "time", "hex", "number"}, "of what is typed")},
       {"inputs", texts("inputs that must be there before the next step")},
       {"alternative",
        {{"type", "array"}, {"minItems", 2}, {"items", {{"$ref", "#/definitions/alternative"}}}}},
       {"only_if",
        {{"type", "string"},
         {"pattern", "^[a-z][a-z0-9-]*=.+$"},
         {"description", "STEP=WORDS: done only if these words were chosen there"}}},
       {"on_failure", choice(kOnFailureWords, "the only way on after a failure; abort without it")},
       {"instead_of", word("the step in whose place this one is done, if that one failed")}},
      {"name", "title", "role"}, "a step, in the order of the run");
  one["anyOf"] = {{{"required", {"kind"}}}, {{"required", {"act"}}}};
  one["allOf"] = rules_of_kinds();
  for (auto& rule : rules_of_acts()) one["allOf"].push_back(std::move(rule));
  return one;
}

Json setup_schema() {
  Json one = table({{"act", choice(act_commands(), "the command")},
                    {"with", {{"type", "object"}, {"description", "the fields of the act"}}}},
                   Json::array({"act"}), "what a rehearsal makes first, on its throw-away site");
  one["allOf"] = rules_of_acts();
  return one;
}

Json definitions() {
  constexpr std::int64_t kMostThings = 10'000;
  return {
      {"people",
       table({{"check_in", choice(kCheckInWords, "how people say who they are")},
              {"independent_witness",
               {{"type", "boolean"},
                {"default", false},
                {"description", "the minutes have a block for a signature from outside"}}}},
             Json::array(), "how strict the ceremony is with people")},
      {"role", table({{"name", word("what steps call it")},
                      {"people", number(1, 50, 1, "how many of them")},
                      {"duty", line("one sentence for the paper")}},
                     Json::array({"name"}), "who takes part")},
      {"material", table({{"name", line("what lies on the table")},
                          {"quantity", number(1, kMostThings, 1, "how many")},
                          {"serial", line("the serial number that is expected")}},
                         Json::array({"name"}), "what must be there")},
      {"duty",
       table({{"text", text("what is to be done when all is over")}, {"role", word("by whom")}},
             {"text", "role"}, "what is left to do")},
      {"input",
       table({{"name", word("${NAME} in texts and fields, --bind NAME=VALUE")},
              {"kind", choice(kInputKindWords, "what it is")},
              {"when", choice(kBoundWhenWords, "fixed: approved; fresh: bound in the room")},
              {"help", line("what it is, for who binds it")},
              {"cloud", choice(std::array{"aws", "azure", "google"},
                               "of import parameters: whose, so that a rehearsal makes some")},
              {"rehearsal", line("the value in a rehearsal that binds none")}},
             {"name", "help"}, "a value that does not stand in the file")},
      {"alternative", table({{"words", line("typed to choose it")}, {"text", text("what it is")}},
                            {"words", "text"}, "one of the ways on")},
      {"step", step_schema()},
      {"setup", setup_schema()}};
}

}  // namespace

Json schema_of_tables() {
  constexpr std::int64_t kLongestDays = 31;
  constexpr std::int64_t kUsualDays = 7;
  Json schema = table({{"format", {{"const", "keyrite-ceremony"}}},
                       {"version", {{"const", kCeremonyVersion}}},
                       {"title", line("of the ceremony")},
                       {"purpose", text("why it is held; read aloud at its beginning")},
                       {"valid_days", number(1, kLongestDays, kUsualDays, "from its beginning")},
                       {"preconditions", texts("what holds before it begins")},
                       {"people", {{"$ref", "#/definitions/people"}}},
                       {"role", list_of("role")},
                       {"material", list_of("material")},
                       {"duty", list_of("duty")},
                       {"input", list_of("input")},
                       {"step", list_of("step")},
                       {"teardown", list_of("step")},
                       {"rehearsal", list_of("setup")}},
                      {"format", "version", "title", "purpose", "role", "step"},
                      "A ceremony of keyrite (docs/formats/ceremony.md)");
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = "keyrite ceremony";
  schema["properties"]["role"]["minItems"] = 1;
  schema["properties"]["step"]["minItems"] = 1;
  schema["definitions"] = definitions();
  return schema;
}

}  // namespace keyrite::test
