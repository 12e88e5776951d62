// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/script_steps.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kFoursOfSha256 = 16;
constexpr std::size_t kFoursOfId = 8;
// What the screen asks for before each act.
constexpr const char* kGo = "go";

// How much room a value needs that nobody knows yet: boxes for four digits each; 0: a line.
std::size_t fours_of(std::string_view name) {
  if (name.ends_with("sha256")) return kFoursOfSha256;
  if (name.ends_with("check-value") || name == "id" || name.ends_with(".id")) return kFoursOfId;
  return 0;
}

void set_room(Data& data, std::size_t fours) {
  if (fours == 0) {
    data.set("fours_blank", false);
    data.set("line_blank", true);
  } else {
    data.set("fours_blank", page_blanks(fours));
    data.set("line_blank", false);
  }
}

std::string joined(const Json& value, const ValueOf& known) {
  if (value.is_string()) return shown(std::string_view(value.get_ref<const std::string&>()), known);
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (!value.is_array()) return value.dump();
  std::vector<std::string> texts;
  for (const auto& one : value) texts.push_back(joined(one, known));
  return fmt::format("{}", fmt::join(texts, ", "));
}

// The name, if the text is one reference and nothing else.
std::string reference_alone(const std::string& text) {
  const auto names = references_in(std::string_view(text));
  if (!names || names->size() != 1 || text != "${" + names->front() + "}") return {};
  return names->front();
}

// "make.check-value": "check-value of step 3".
std::string from_step(const Ceremony& ceremony, const std::string& name) {
  const auto dot = name.find('.');
  const Step* step = dot == std::string::npos ? nullptr : ceremony.step_named(name.substr(0, dot));
  if (step == nullptr) return {};
  return fmt::format("{} of step {}", name.substr(dot + 1), step->number);
}

Data fields_of(const Ceremony& ceremony, const Step& step, const ValueOf& known) {
  Data rows = page_list();
  for (const auto& [name, value] : step.fields) {
    Data row;
    row.set("name", page_text(name));
    const std::string text = joined(value, known);
    // What an input is bound to is written once, where the inputs are.
    const std::string from = from_step(ceremony, reference_alone(text));
    row.set("value", page_text(from.empty() ? text : from));
    rows << row;
  }
  return rows;
}

std::vector<std::string> conditions_of(const Ceremony& ceremony, const Step& step) {
  std::vector<std::string> sentences;
  if (!step.only_if_step.empty()) {
    const Step* choice = ceremony.step_named(step.only_if_step);
    sentences.push_back(fmt::format("Only if \"{}\" was chosen in step {}.", step.only_if_words,
                                    choice == nullptr ? 0 : choice->number));
  }
  if (!step.instead_of.empty()) {
    const Step* failed = ceremony.step_named(step.instead_of);
    sentences.push_back(fmt::format("Only if step {} failed, in its place.",
                                    failed == nullptr ? 0 : failed->number));
  }
  return sentences;
}

std::string on_failure(const Ceremony& ceremony, const Step& step) {
  switch (step.on_failure) {
    case OnFailure::kAbort:
      return {};
    case OnFailure::kRetry:
      return "If it fails, it may be tried again.";
    case OnFailure::kAlternative: {
      const auto other = std::ranges::find(ceremony.steps, step.name, &Step::instead_of);
      return other == ceremony.steps.end()
                 ? std::string()
                 : fmt::format("If it fails, step {} is done in its place.", other->number);
    }
  }
  return {};
}

void set_compare(Data& row, const Ceremony& ceremony, const Step& step, const ValueOf& known) {
  row.set("compare", step.kind == StepKind::kCompare);
  if (step.kind != StepKind::kCompare) return;
  const std::string name = reference_alone(step.value);
  const auto value = known(name);
  const std::string from = from_step(ceremony, name);
  row.set("what", page_text(from.empty() ? name : from));
  row.set("channel", page_line(shown(step.channel, known)));
  set_text(row, "seen", value ? page_fours(*value) : std::string());
  if (value) {
    row.set("fours_blank", false);
    row.set("line_blank", false);
  } else {
    set_room(row, fours_of(name));
  }
}

void set_record(Data& row, const Step& step) {
  row.set("record", step.kind == StepKind::kRecord);
  if (step.kind != StepKind::kRecord) return;
  row.set("form", step.form);
  set_room(row, step.form == "hex" ? kFoursOfSha256 : 0);
}

Data alternatives_of(const Step& step, const ValueOf& known) {
  Data all = page_list();
  for (const auto& one : step.alternatives) {
    Data row;
    row.set("words", page_text(one.words));
    row.set("text", page_line(shown(one.text, known)));
    all << row;
  }
  return all;
}

Data inputs_of(const Ceremony& ceremony, const Step& step) {
  Data all = page_list();
  for (const auto& name : step.inputs) {
    const Input* input = ceremony.input_named(name);
    Data row;
    row.set("name", page_text(name));
    row.set("help", page_text(input == nullptr ? std::string() : input->help));
    all << row;
  }
  return all;
}

std::string_view spoken(StepKind kind) {
  switch (kind) {
    case StepKind::kConfirm:
    case StepKind::kWitness:
    case StepKind::kNote:
      return "Read aloud:";
    default:
      return "Do:";
  }
}

// What is compared with an earlier step is copied there.
bool is_news(const Step& step) {
  return std::ranges::none_of(step.fields,
                              [](const auto& field) { return field.first == "expect-manifest"; });
}

Data one_step(const Ceremony& ceremony, const Step& step, const ValueOf& known) {
  Data row;
  row.set("number", std::to_string(step.number));
  row.set("step_title", page_line(shown(step.title, known)));
  row.set("role", page_text(step.role));
  row.set("kind_word", std::string(word_of(step.kind)));
  set_text(row, "minutes", step.minutes == 0 ? std::string() : std::to_string(step.minutes));
  Data conditions = page_list();
  for (const auto& sentence : conditions_of(ceremony, step))
    conditions << Data{"sentence", page_text(sentence)};
  row.set("conditions", conditions);
  row.set("has_text", !step.text.empty());
  row.set("spoken", std::string(spoken(step.kind)));
  row.set("text", page_paragraphs(shown(step.text, known)));
  set_text(row, "typed", step.kind == StepKind::kAct ? kGo : shown(step.words, known));
  const ActRow* act = find_act(step.act);
  set_text(row, "act", step.act);
  set_text(row, "lasting", act == nullptr ? std::string_view() : act->lasting);
  row.set("fields", fields_of(ceremony, step, known));
  row.set("has_fields", !step.fields.empty());
  row.set("copies", act != nullptr && !act->outputs.empty() && is_news(step));
  set_compare(row, ceremony, step, known);
  set_record(row, step);
  row.set("alternatives", alternatives_of(step, known));
  row.set("choose", step.kind == StepKind::kChoose);
  row.set("await", step.kind == StepKind::kAwait);
  row.set("leaves", step.kind == StepKind::kAwait || step.kind == StepKind::kPause);
  row.set("pause", step.kind == StepKind::kPause);
  row.set("awaited", inputs_of(ceremony, step));
  set_text(row, "failure", on_failure(ceremony, step));
  return row;
}

}  // namespace

Data script_steps(const Ceremony& ceremony, const std::vector<Step>& steps, const ValueOf& known) {
  Data rows = page_list();
  for (const auto& step : steps) rows << one_step(ceremony, step, known);
  return rows;
}

Data values_to_copy(const Ceremony& ceremony, const ValueOf& known) {
  Data rows = page_list();
  bool has_id = false;
  for (const auto& step : ceremony.steps) {
    const ActRow* act = find_act(step.act);
    if (act == nullptr || !is_news(step)) continue;
    for (const auto& output : outputs_of(*act, step.fields)) {
      // Of the same key.
      if (output.name == "id" && std::exchange(has_id, true)) continue;
      Data row;
      row.set("number", std::to_string(step.number));
      row.set("step_title", page_line(shown(step.title, known)));
      row.set("name", std::string(output.name));
      set_room(row, fours_of(output.name));
      rows << row;
    }
  }
  return rows;
}

}  // namespace keyrite::ceremony
