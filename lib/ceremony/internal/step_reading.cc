// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/step_reading.h"

#include <utility>

#include <fmt/format.h>

#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

constexpr std::int64_t kMostMinutes = 1440;  // a day
constexpr std::array<std::string_view, 4> kRecordForms{"text", "time", "hex", "number"};

using Values = std::vector<std::pair<std::string, Json>>;

bool is_value(const Json& value) {
  if (value.is_string() || value.is_boolean()) return true;
  if (value.is_number_integer()) return value.get<std::int64_t>() >= 0;
  if (!value.is_array()) return false;
  for (const auto& one : value) {
    if (!one.is_string()) return false;
  }
  return true;
}

// The command must be in the table, and each field in that of its request.
Values read_with(Fields& step, const std::string& command) {
  Values values;
  const auto with = step.table("with");
  const ActRow* row = find_act(command);
  if (row == nullptr) {
    if (!command.empty())
      step.problems().add_unknown(step.at("act"), "act", command, act_commands());
    return values;
  }
  const auto known = field_names(*row);
  if (with && with->table->is_object()) {
    for (const auto& [name, value] : with->table->items()) {
      const auto at = pointer_to(with->pointer, name);
      if (std::ranges::find(known, name) == known.end()) {
        step.problems().add_unknown(at, fmt::format("field of {}", command), name, known);
      } else if (!is_value(value)) {
        step.problems().add(at, fmt::format("\"{}\" must be a text, a number, true or false, or a "
                                            "list of texts",
                                            name));
      } else if (is_flag(*row, name) != value.is_boolean()) {
        step.problems().add(at,
                            is_flag(*row, name)
                                ? fmt::format("\"{}\" must be true or false, without quotes", name)
                                : fmt::format("\"{}\" must not be true or false", name));
      } else {
        if (const auto objection = why_not_taken(*row, name, value))
          step.problems().add(at, *objection);
        values.emplace_back(name, value);
      }
    }
  }
  for (const auto& missing : missing_fields(*row, values))
    step.problems().add(step.pointer(), fmt::format("{} needs \"{}\" in with", command, missing));
  return values;
}

// At each prompt these two mean something else.
std::string typed_words(Fields& fields) {
  auto words = fields.line("words", Must::kBeThere);
  if (words == "q" || words == "!")
    fields.problems().add(fields.at("words"),
                          "\"q\" leaves at a prompt, and \"!\" enters a deviation");
  return words;
}

void read_choice(Fields& fields, Step& step) {
  for (const auto& item : fields.tables("alternative")) {
    Fields one(*item.table, item.pointer, fields.problems());
    step.alternatives.push_back(
        {.words = typed_words(one), .text = one.text("text", Must::kBeThere)});
    one.finish();
  }
  if (step.alternatives.size() < 2)
    fields.problems().add(fields.pointer(), "a step \"choose\" needs two alternatives or more");
}

void read_kind(Fields& fields, Step& step) {
  switch (step.kind) {
    case StepKind::kAct:
      step.act = fields.line("act", Must::kBeThere);
      step.fields = read_with(fields, step.act);
      break;
    case StepKind::kConfirm:
    case StepKind::kWitness:
      step.words = typed_words(fields);
      break;
    case StepKind::kCompare:
      step.value = fields.line("value", Must::kBeThere);
      step.channel = fields.line("channel", Must::kBeThere);
      break;
    case StepKind::kRecord: {
      const auto form = fields.choice("form", kRecordForms, Must::kMayLack);
      step.form = kRecordForms.at(form.value_or(0));
      break;
    }
    case StepKind::kAwait:
      step.inputs = fields.texts("inputs");
      break;
    case StepKind::kChoose:
      read_choice(fields, step);
      break;
    case StepKind::kNote:
    case StepKind::kPause:
      break;
  }
}

void read_condition(Fields& fields, Step& step) {
  const std::string condition = fields.line("only_if", Must::kMayLack);
  if (condition.empty()) return;
  const auto equals = condition.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == condition.size()) {
    fields.problems().add(fields.at("only_if"), "\"only_if\" must be \"STEP=WORDS\"");
    return;
  }
  step.only_if_step = condition.substr(0, equals);
  step.only_if_words = condition.substr(equals + 1);
}

Step read_step(const Fields::Item& item, std::uint32_t number, Problems& problems) {
  Fields fields(*item.table, item.pointer, problems);
  Step step{.number = number, .name = fields.word("name", Must::kBeThere)};
  // An act says what it is by its command.
  const bool act = fields.has("act");
  const auto kind = fields.choice("kind", kStepKindWords, act ? Must::kMayLack : Must::kBeThere);
  step.kind = kind ? static_cast<StepKind>(*kind) : StepKind::kAct;
  step.title = fields.line("title", Must::kBeThere);
  step.role = fields.word("role", Must::kBeThere);
  step.text = fields.text("text", step.kind == StepKind::kAct ? Must::kMayLack : Must::kBeThere);
  step.minutes = fields.number("minutes", 0, 0, kMostMinutes);
  if (kind || act) read_kind(fields, step);
  read_condition(fields, step);
  if (const auto on = fields.choice("on_failure", kOnFailureWords, Must::kMayLack))
    step.on_failure = static_cast<OnFailure>(*on);
  step.instead_of = fields.word("instead_of", Must::kMayLack);
  fields.finish();
  return step;
}

}  // namespace

std::vector<Step> read_steps(Fields& file, const char* name, std::uint32_t first) {
  std::vector<Step> steps;
  for (const auto& item : file.tables(name))
    steps.push_back(read_step(item, first++, file.problems()));
  return steps;
}

std::vector<Setup> read_setups(Fields& file, const char* name) {
  std::vector<Setup> setups;
  for (const auto& item : file.tables(name)) {
    Fields fields(*item.table, item.pointer, file.problems());
    Setup setup{.act = fields.line("act", Must::kBeThere)};
    setup.fields = read_with(fields, setup.act);
    fields.finish();
    setups.push_back(std::move(setup));
  }
  return setups;
}

}  // namespace keyrite::ceremony
