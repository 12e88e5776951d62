// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The steps that are acts: shown, done by the Runner, and told from the log.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/registry_rows.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "ceremony/act_flow.h"
#include "ceremony/as_begun.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/open_step.h"
#include "ceremony/planned_request.h"
#include "ceremony/step_acts.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/outcome.h"

namespace keyrite::ceremony {

namespace {

// The acts of a step go by its number; outside of one nothing does.
class UseOfStep {
 public:
  UseOfStep(act::CeremonyUse& use, act::CeremonyUse step) : use_(use) { use_ = std::move(step); }
  UseOfStep(const UseOfStep&) = delete;
  UseOfStep& operator=(const UseOfStep&) = delete;
  ~UseOfStep() { use_ = {}; }

 private:
  act::CeremonyUse& use_;
};

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::vector<std::string> texts;
  for (const auto& one : value) texts.push_back(text_of(one));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<std::string> missing_inputs(const Step& step, const Ceremony& ceremony,
                                        const Bindings& bindings) {
  std::vector<std::string> missing;
  for (const auto& [name, value] : step.fields) {
    for (const auto& reference : references_in(value)) {
      const bool known = ceremony.input_named(reference) == nullptr || bindings.value(reference);
      if (!known && std::ranges::find(missing, reference) == missing.end())
        missing.push_back(reference);
    }
  }
  return missing;
}

// A rotation away from a version that others may know also marks it.
std::string lasting_of(const ActRow& row, const Step& step) {
  const bool marks = std::ranges::any_of(step.fields, [](const auto& field) {
    return field.first == "compromised" && field.second == Json(true);
  });
  if (!marks) return std::string(row.lasting);
  return fmt::format("{}; {}", find_act("key mark-compromised")->lasting, row.lasting);
}

}  // namespace

// The result of an act that was done, and whose step the run could not record any more. Only what
// the log's key vouches for, and only of an act that cannot be done twice: another one is done
// again.
const ToldAct* CeremonyRun::done_before(const Step& step) const {
  const ActRow& row = *find_act(step.act);
  if (!row.one_act || row.lasting.empty()) return nullptr;
  for (const ToldAct* act : standing().acts_since_record(step)) {
    if (act->vouched && act->outcome == transcript::kOutcomeDone) return act;
  }
  return nullptr;
}

std::vector<std::string> CeremonyRun::runs_of(const Step& step) const {
  std::vector<std::string> runs;
  for (const ToldAct* act : standing().acts_since_record(step)) runs.push_back(act->run);
  return runs;
}

void CeremonyRun::act_step(const Step& step) {
  if (const ToldAct* done = done_before(step)) {
    dialogue_.say("The log has the result of this act already.");
    auto record = record_of(step, StepOutcome::kDone);
    record.runs = {done->run};
    this->record(record);
    return;
  }
  if (!bind_missing(step, missing_inputs(step, file_.ceremony, bindings_))) return;
  const auto as_bound = planned(step);
  put_away_leftovers(step, as_bound);
  do_act(step, try_inputs(step) ? planned(step) : as_bound);
}

// What a try of this step left that was interrupted, as resume found it at the token.
std::vector<std::string> CeremonyRun::left_in_token(const Step& step) const {
  std::vector<std::string> ids;
  for (const ToldAct* act : standing().acts_since_record(step)) {
    if (act->outcome != transcript::kSettled || !act->vouched) continue;
    for (const auto& object : act->found.value("objects", Json::array())) {
      if (object.value("count", 0) != 0) ids.push_back(object.value("id", std::string()));
    }
  }
  return ids;
}

// A key that the interrupted try made is taken over: no other one is made.
PlannedRequest CeremonyRun::planned(const Step& step) const {
  auto found = planned_request(step, [this](const std::string& name) { return value_of(name); });
  for (const auto& id : left_in_token(step)) {
    if (take_over(*find_act(step.act), found.request, id)) found.takes_over = true;
  }
  return found;
}

// What it wrote is put away by people before the step is done again.
void CeremonyRun::put_away_leftovers(const Step& step, const PlannedRequest& planned) {
  const auto acts = standing().acts_since_record(step);
  const bool interrupted = std::ranges::any_of(
      acts, [](const ToldAct* act) { return act->outcome == transcript::kSettled; });
  if (!interrupted) return;
  dialogue_.say("An earlier try of this step was interrupted. The log has what was found of it.");
  if (planned.takes_over) {
    dialogue_.say(
        "The token has the key that it made. No other one is made: this one is read back, tried, "
        "and becomes the result of the step.");
    return;
  }
  for (const auto& field : planned.request.fields) {
    if (field.info().binds.what() != act::Binds::What::kOutput || !field.is_set()) continue;
    const std::string path = text_of(field.value());
    while (is_there(path)) {
      dialogue_.say(
          fmt::format("{} is there: the interrupted try made it, and nobody knows who has it by "
                      "now. Put it away under another name, and enter a deviation with \"!\".",
                      printable(path)));
      (void)dialogue_.ask("Press Enter when it is put away: ");
    }
  }
}

void CeremonyRun::show_request(const Step& step, const ActRequest& request) const {
  dialogue_.say(fmt::format("keyrite {}", step.act), 2);
  for (const auto& field : request.fields) {
    if (field.is_set())
      dialogue_.say(fmt::format("{}: {}", field.info().name, printable(text_of(field.value()))), 4);
  }
}

void CeremonyRun::do_act(const Step& step, const PlannedRequest& planned) {
  const ActRow& row = *find_act(step.act);
  if (!planned.later.empty() && mode_ == Mode::kRehearsal) {
    dialogue_.say("A rehearsal has nothing from outside: this step is left out.");
    record(record_of(step, StepOutcome::kNotRehearsed));
    return;
  }
  if (!planned.later.empty()) {
    throw Error(Kind::kFailed, "ceremony-value-unknown",
                fmt::format("step \"{}\" needs {}, which no earlier step made", step.name,
                            fmt::join(planned.later, ", ")),
                "the log does not tell it: abort the ceremony");
  }
  const Json fixed = require_step_as_begun(
      step, [this](const std::string& name) { return value_of(name); }, story(), site());
  show_request(step, planned.request);
  if (!row.lasting.empty()) say_at_which_token();
  if (!row.one_act) say_what_will_be_done(row, planned.request);
  if (!row.lasting.empty())
    dialogue_.say(fmt::format("This cannot be undone: {}.", lasting_of(row, step)), 2);
  const Answer answer = dialogue_.ask_words("go");
  require_under_way();
  try {
    auto flow = start_flow(row, planned.request, stage_.context);
    const UseOfStep use(stage_.use,
                        {.id = id_,
                         .file_sha256 = file_.ceremony.sha256,
                         .step = step.number,
                         .request = row.logs_request || !row.one_act ? Json::object() : fixed});
    int code = 0;
    while (const auto act = flow.next()) {
      try {
        code = std::max(code, stage_.runner.run(*act, stage_.show).code);
      } catch (const Error& error) {
        if (leaves_step_open(error) || !flow.failed(error)) throw;
      }
    }
    for (const auto& line : flow.text()) dialogue_.say(line);
    if (const auto error = flow.error()) throw Error(*error);
    require_reached(std::max(code, flow.code()));
  } catch (const Error& error) {
    log().read_on();
    if (leaves_step_open(error)) throw;
    act_failed(step, error);
    return;
  }
  log().read_on();
  auto record = record_of(step, StepOutcome::kDone);
  record.asked = answer.asked;
  record.answered = answer.answered;
  record.runs = runs_of(step);
  this->record(record);
}

// As the log has it since the ceremony was begun: the acts are done there, or nowhere.
void CeremonyRun::say_at_which_token() const {
  const Json token = transcript::entry_object(story().intent, "token");
  const auto said = [&](const char* name) {
    return printable(transcript::entry_text(token, name));
  };
  dialogue_.say(fmt::format("at the token: \"{}\" ({}, serial {})", said("label"), said("model"),
                            said("serial")),
                2);
}

// Of a command of several acts: its dry run, as the registry stands now.
void CeremonyRun::say_what_will_be_done(const ActRow& row, const ActRequest& request) {
  act::Context looking = stage_.context;
  looking.dry_run = true;
  try {
    auto flow = start_flow(row, request, looking);
    while (flow.next()) continue;
    dialogue_.say("What it will do:", 2);
    for (const auto& text : flow.text()) dialogue_.say(text, 4);
    if (const auto error = flow.error()) throw Error(*error);
  } catch (const Error& error) {
    if (leaves_step_open(error)) throw;
    dialogue_.say(fmt::format("It would be refused: {}", error.message()), 2);
  }
}

bool CeremonyRun::left_out() const {
  return std::ranges::any_of(story().told, [](const ToldStep& told) {
    return told.outcome == word_of(StepOutcome::kNotRehearsed);
  });
}

void CeremonyRun::act_failed(const Step& step, const Error& error) {
  dialogue_.line();
  dialogue_.say(fmt::format("FAILED: {}", error.message()));
  if (!error.hint().empty()) dialogue_.say(fmt::format("hint: {}", error.hint()));
  dialogue_.say(fmt::format("code: {}", error.code()));
  if (mode_ == Mode::kRehearsal && left_out()) {
    dialogue_.say("An earlier step was left out, because it needs a cloud. So is this one.");
    this->record(record_of(step, StepOutcome::kNotRehearsed));
    return;
  }
  auto record = record_of(step, StepOutcome::kFailed);
  record.failure = act::Words::code(error);
  record.runs = runs_of(step);
  this->record(record);
  after_failure(step);
}

}  // namespace keyrite::ceremony
