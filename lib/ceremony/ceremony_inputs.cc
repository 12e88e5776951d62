// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What comes from outside: bound, looked at, tried by the step that takes it, and bound anew where
// it does not fit. Each binding is in the log.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "ceremony/act_flow.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/open_step.h"
#include "ceremony/planned_request.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

namespace fs = std::filesystem;

// Empty: it is there, and can be read.
std::string why_not_usable(const Input& input, const std::string& path) {
  if (input.kind == InputKind::kText || input.kind == InputKind::kOutput) return {};
  std::error_code unseen;
  const auto status = fs::status(path, unseen);
  const std::string name = printable(path);
  if (!fs::exists(status)) return fmt::format("{} is not there.", name);
  if (input.kind == InputKind::kFolder) {
    if (!fs::is_directory(status)) return fmt::format("{} is no folder.", name);
    const bool empty = fs::is_empty(path, unseen);
    if (unseen) return fmt::format("{} cannot be read: {}.", name, unseen.message());
    return empty ? fmt::format("{} is empty.", name) : std::string();
  }
  if (!fs::is_regular_file(status)) return fmt::format("{} is no file.", name);
  if (!std::ifstream(path)) return fmt::format("{} cannot be read.", name);
  return fs::file_size(path, unseen) == 0 ? fmt::format("{} is empty.", name) : std::string();
}

bool takes_one_of(const Step& step, const std::vector<std::string>& inputs,
                  const Ceremony& ceremony) {
  return std::ranges::any_of(fresh_inputs_of(step, ceremony), [&](const std::string& name) {
    return std::ranges::find(inputs, name) != inputs.end();
  });
}

// A key that is not made yet would be missed.
bool makes_keys(const Step& step) {
  return step.kind == StepKind::kAct && (step.act == "generate-kek" || step.act == "rotate");
}

// A judgement of files makes nothing: it is done as it will be done. Else the act's dry run.
std::optional<Error> refusal_of(const act::Act& act, const act::Context& context,
                                act::Runner& runner) {
  try {
    if (act.operation.name == std::string_view("verify-import")) {
      act::AtWork at(context);
      const auto outcome = act.prepare(context).perform(at);
      if (outcome.finding) return outcome.finding;
      require_reached(outcome.code);
    } else {
      (void)runner.preview(act);
    }
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() == "no-preview") return std::nullopt;
    if (leaves_step_open(error)) throw;
    return error;
  }
}

}  // namespace

// What the act of the step says against what is bound; nullopt: nothing, or nobody can know yet.
std::optional<Error> CeremonyRun::refusal_by(const Step& step) const {
  const auto asked = planned(step);
  const ActRow& row = *find_act(step.act);
  if (!asked.later.empty() || !row.one_act) return std::nullopt;
  auto flow = start_flow(row, asked.request, stage_.context);
  return refusal_of(flow.next().value(), stage_.context, stage_.runner);
}

// Of the later steps that take what is awaited, the first that refuses it.
const Step* CeremonyRun::refused_later(const Step& awaiting, std::optional<Error>& why) const {
  for (const auto& step : file_.ceremony.steps) {
    if (step.number <= awaiting.number) continue;
    if (makes_keys(step)) return nullptr;
    const bool takes = step.kind == StepKind::kAct && step.instead_of.empty() &&
                       step.only_if_step.empty() &&
                       takes_one_of(step, awaiting.inputs, file_.ceremony);
    if (!takes) continue;
    why = refusal_by(step);
    if (why) return &step;
  }
  return nullptr;
}

// False: it goes on with what is bound.
bool CeremonyRun::bind_anew(const Step& step, const Error& why,
                            const std::vector<std::string>& names) {
  dialogue_.line();
  dialogue_.say(fmt::format("Step {} ({}) would refuse this: {}", step.number, step.act,
                            printable(why.message())));
  if (!why.hint().empty()) dialogue_.say(fmt::format("hint: {}", why.hint()));
  dialogue_.say(
      "Nothing was done. Type \"another\" to give another file or folder, or \"as it is\" to go on "
      "with "
      "this one.");
  if (dialogue_.choose({"another", "as it is"}).first == 1) return false;
  if (names.size() == 1) {
    bind(names.front());
    return true;
  }
  dialogue_.say(fmt::format("Type which one: {}.", fmt::join(names, ", ")));
  bind(names[dialogue_.choose(names).first]);
  return true;
}

// Right before an act: what was bound may be another file by now, or too old.
bool CeremonyRun::try_inputs(const Step& step) {
  const auto names = fresh_inputs_of(step, file_.ceremony);
  if (names.empty() || mode_ == Mode::kRehearsal) return false;
  bool anew = false;
  while (const auto why = refusal_by(step)) {
    if (!bind_anew(step, *why, names)) break;
    anew = true;
  }
  return anew;
}

// The log has it before the folder: whoever is interrupted is asked again.
void CeremonyRun::keep_bound(const Bindings& more) {
  for (const auto& [name, value] : more.values()) {
    if (bindings_.value(name) == value) continue;
    record({.ceremony = id_,
            .step = kBeforeSteps,
            .kind = {"bind"},
            .outcome = StepOutcome::kDone,
            .answered = stage_.context.now(),
            .text = fmt::format("{}={}", name, value)});
  }
  bindings_.add(more, file_.ceremony);
  if (folder_) folder_->save(bindings_);
}

// Of an input that comes from outside: its path. Whoever has none leaves, and resumes.
void CeremonyRun::bind(const std::string& name) {
  const Input& input = *file_.ceremony.input_named(name);
  dialogue_.say(fmt::format("{}: {}", input.name, input.help), 2);
  const bool text = input.kind == InputKind::kText;
  const Answer answer = dialogue_.ask_until(
      text ? "Value: " : "Path, or q to leave and resume later: ", [&](const std::string& typed) {
        return typed.empty() ? std::string("Type something.") : why_not_usable(input, typed);
      });
  keep_bound(Bindings::of({fmt::format("{}={}", name, answer.text)}, file_.ceremony));
}

// False: a rehearsal has none of them.
bool CeremonyRun::bind_missing(const Step& step, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto value = bindings_.value(name);
    const Input& input = *file_.ceremony.input_named(name);
    const std::string objection = value ? why_not_usable(input, *value) : std::string("not bound");
    if (objection.empty()) {
      if (input.when == BoundWhen::kFresh)
        dialogue_.say(fmt::format("{}: {}", name, printable(*value)), 2);
      continue;
    }
    if (mode_ == Mode::kRehearsal) {
      dialogue_.say("A rehearsal has nothing from outside: this step is left out.");
      record(record_of(step, StepOutcome::kNotRehearsed));
      return false;
    }
    if (value) dialogue_.say(objection, 2);
    bind(name);
  }
  return true;
}

void CeremonyRun::await(const Step& step) {
  while (true) {
    if (!bind_missing(step, step.inputs)) return;
    std::optional<Error> why;
    const Step* later = mode_ == Mode::kRehearsal ? nullptr : refused_later(step, why);
    if (later == nullptr || !bind_anew(*later, *why, step.inputs)) break;
  }
  const Answer answer = dialogue_.ask("Press Enter when all of it is here: ");
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  this->record(record);
}

}  // namespace keyrite::ceremony
